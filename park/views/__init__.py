"""Pages of the park side, one file for each part."""
