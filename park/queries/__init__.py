"""Reads of the park side that span models, one file for each part."""
