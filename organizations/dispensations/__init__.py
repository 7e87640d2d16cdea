"""Dispensations: two roles of one person that otherwise must not meet, allowed by a second administrator."""
