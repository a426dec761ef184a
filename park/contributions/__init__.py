"""What the park side answers to the common questions; importing a part registers it."""
