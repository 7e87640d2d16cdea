"""One object's work apart from that of all others: its fault is logged and stops nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import transaction

from foundation.refusals import Refused

log = structlog.stdlib.get_logger(__name__)


@contextmanager
def apart(what: str, **which: object) -> Iterator[None]:
    """Do the block in a transaction of its own. What it raises is rolled back and logged with
    ``what`` was done to ``which`` object; whoever calls goes on, and tries it again next time.
    """
    with noted(what, **which), transaction.atomic():
        yield


@contextmanager
def noted(what: str, **which: object) -> Iterator[None]:
    """The same without a transaction: for what writes nothing, or is whole by itself."""
    try:
        yield
    except Refused as refusal:  # another was faster, or a rule stands in the way
        log.warning(f"{what}.refused", why=str(refusal.message), **which)
    except Exception:
        log.exception(f"{what}.failed", **which)
