"""Closed lists of the closed room, one file for each part."""
