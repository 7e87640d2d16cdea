"""Yearly checks of providers by their registration authority."""
