"""Changes, one file for each part; each is atomic and writes its audit event."""
