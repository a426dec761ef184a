"""Reads that span models, one file for each part."""
