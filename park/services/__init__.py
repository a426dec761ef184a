"""Changes to the park side, one file for each part."""
