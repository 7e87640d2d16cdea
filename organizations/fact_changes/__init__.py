"""Sensitive facts of a provider: proposed by it, confirmed or refused by civil affairs."""
