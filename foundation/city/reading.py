"""The city as pages, documents and open data name it."""

from __future__ import annotations

from django.db import DatabaseError

from foundation.city.models import LARGE, City
from foundation.remembering import Remembered
from foundation.transactions import read_once


def current() -> City:
    """The city; one without a name where none is set up yet."""
    found = remembered.get()
    return _first() if found is None else found


def named_on_faults() -> City:
    """The city for pages that must be shown whatever has happened, also without the database."""
    try:
        return current()
    except DatabaseError:
        return City()


@read_once
def _first() -> City:
    return City.objects.defer(*LARGE).first() or City()


#: The city: a page reads it once.
remembered = Remembered("city", _first, steady=True)
