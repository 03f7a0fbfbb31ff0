"""The directory of offices: who is where, how each is reached, and which mission is near a supporter."""
