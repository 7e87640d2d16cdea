"""Keeps WeasyPrint from reading files or addresses."""

from __future__ import annotations

from typing import NoReturn

import structlog
from weasyprint.urls import URLFetcher

log = structlog.stdlib.get_logger(__name__)


class FetchRefused(ValueError):
    """A template referred to a file or an address."""


class ClosedFetcher(URLFetcher):
    """Refuses every address, ``file:`` and ``data:`` included, and logs it."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        """Raise ``FetchRefused``; WeasyPrint then leaves the element out."""
        log.warning("document.fetch_refused", url=url[:120])
        raise FetchRefused(f"documents read nothing from outside: {url[:60]}")
