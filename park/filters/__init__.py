"""What the lists of the park side may be asked, one file for each part."""
