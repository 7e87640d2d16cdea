"""The one way to change state."""
