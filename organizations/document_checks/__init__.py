"""Checks of a provider's documents by civil affairs: a checklist, item by item, kept as it was found."""
