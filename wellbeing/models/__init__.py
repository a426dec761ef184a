"""What the closed room keeps. No other app imports these, except rotation; see docs/architecture.md."""
