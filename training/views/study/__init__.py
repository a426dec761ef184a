"""Pages of study activities; each part in its own module."""
