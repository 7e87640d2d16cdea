"""Keeps WeasyPrint from reading files or addresses.

WeasyPrint takes a third of a second to load, and is loaded by who makes a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import structlog

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

log = structlog.stdlib.get_logger(__name__)


class FetchRefused(ValueError):
    """A template referred to a file or an address."""


def refuse(url: str) -> NoReturn:
    """Log the kind of address and raise ``FetchRefused``; WeasyPrint then leaves the element out."""
    log.warning("document.fetch_refused", scheme=url.partition(":")[0][:10])
    raise FetchRefused(f"documents read nothing from outside: {url[:60]}")


def closed_fetcher() -> URLFetcher:
    """A fetcher that refuses every address, ``file:`` and ``data:`` included."""
    from weasyprint.urls import URLFetcher

    class ClosedFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
            refuse(url)

    return ClosedFetcher()
