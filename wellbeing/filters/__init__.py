"""What the lists may be asked: the same questions on the pages and in the API."""
