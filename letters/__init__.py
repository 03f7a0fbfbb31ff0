"""What supporters do and what becomes of it: letters, deliveries, counts."""
