"""Text messages to phones, by the sender that the city names."""
