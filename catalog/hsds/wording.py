"""What the directory says of many services alike, each made once: it follows from nothing but what is given."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

from catalog.items.eligibility import Fields, conditions
from organizations.providers.models import Nature


@lru_cache
def nature(value: str, language: str | None) -> str:
    """The legal form of a provider in words."""
    return str(Nature(value).label)


@lru_cache(maxsize=20_000)
def address(name: str, *arguments: str | int) -> str:
    """A named address."""
    return reverse(name, args=arguments)


@lru_cache(maxsize=1000)
def eligibility(audience: str, item: Fields, language: str | None) -> str:
    """Who may get an item, in words."""
    stated = "；".join(conditions(item))
    return f"{audience}。{stated}".strip("。") + "。"
