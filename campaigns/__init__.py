"""The call: campaigns, the offices they address, what they ask and the model letters."""
