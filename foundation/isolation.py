"""Isolating the work on one object: its error is logged and does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

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


@contextmanager
def one_of_many(number: int, refused: dict[str, str], what: str, **which: object) -> Iterator[None]:
    """Run the block for one of many rows that are done in one transaction, under a savepoint of its own.

    Why a row is refused is noted in ``refused`` under its number, in the words of the refusal; an error is noted as
    well, and logged with ``what`` was done to ``which`` object. Callers go on with the next row. What the database
    undid because of another transaction is raised, since all rows are done anew then.
    """
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        log.warning(f"{what}.refused", **refusal.for_the_log(), **which)
        refused[str(number)] = str(refusal.message)
    except OperationalError:
        raise
    except Exception:
        log.exception(f"{what}.failed", **which)
        refused[str(number)] = _("系统出错，这一行没有办成，已记入日志。")
