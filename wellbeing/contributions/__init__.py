"""What the closed room answers to the common questions; importing a part registers it."""
