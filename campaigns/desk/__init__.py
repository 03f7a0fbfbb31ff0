"""The organisers' desk: who may do what, and a campaign's way from text to print."""
