"""Texts that stand beside what a test is about are kept, hashed and signed, and not laid out.

Laying out a contract takes four fifths of the time in which two sides sign it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from pypdf import PdfWriter

from foundation.documents import making


@contextmanager
def lightly() -> Iterator[None]:
    """Within, a PDF is one blank A4 page that tells the hash of what would stand on it."""
    with mock.patch.object(making, "to_pdf", _blank):
        yield


def _blank(html: str, laid_out: Callable[[], None] = lambda: None) -> tuple[bytes, int]:
    laid_out()
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Subject": hashlib.sha256(html.encode()).hexdigest()})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue(), 1
