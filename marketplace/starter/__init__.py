"""Starter data: plain files, and the loader that plays them through the verbs."""
