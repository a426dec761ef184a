"""Forms of the closed room: they read and check; services write."""
