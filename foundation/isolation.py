"""Isolating the work on one object: its error is logged and does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import transaction

from foundation.refusals import Refused

log = structlog.stdlib.get_logger(__name__)


@contextmanager
def apart(what: str, **which: object) -> Iterator[None]:
    """Run the block in a transaction of its own.

    What it raises is rolled back and logged with ``what`` was done to ``which`` object, and not raised
    again; callers go on, and try the object again next time.
    """
    with noted(what, **which), transaction.atomic():
        yield


@contextmanager
def noted(what: str, **which: object) -> Iterator[None]:
    """``apart`` without a transaction, for work that writes nothing or opens one itself."""
    try:
        yield
    except Refused as refusal:  # another worker was faster, or a rule forbids it
        log.warning(f"{what}.refused", **refusal.for_the_log(), **which)
    except Exception:
        log.exception(f"{what}.failed", **which)
