"""The channel "email" by the API of a provider instead of SMTP."""
