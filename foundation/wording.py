"""Data that carry both languages: the reader's, where it is there."""

from __future__ import annotations

from django.utils import translation


def in_the_readers_language(chinese: str, english: str) -> str:
    """The English text for English readers where there is one, else the Chinese."""
    wanted = (translation.get_language() or "").startswith("en")
    return english if english and wanted else chinese
