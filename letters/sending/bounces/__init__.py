"""What comes back by mail: bounces, delays, automatic answers, and answers of offices."""
