"""Views of a list that people keep: their services, pages and forms."""
