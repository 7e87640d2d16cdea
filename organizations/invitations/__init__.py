"""Invitations: one-use links by which people join in a role, or set a new password."""
