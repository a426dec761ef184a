"""What is asked about checkups: who is meant, who stands where, how far it is."""
