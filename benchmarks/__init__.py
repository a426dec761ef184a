"""Measurements that are too long for a test; each file is one command."""
