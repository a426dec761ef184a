"""What every endpoint of /api/v1/ shares: strict input, default deny, one shape of error, bounded pages."""
