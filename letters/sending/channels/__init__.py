"""The ways out: one contract, a file a channel."""
