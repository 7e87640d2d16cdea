"""A draft, and a way to take a sheet into it."""

# typography: as typed
from __future__ import annotations

import pytest

from catalog.sheets import importing
from tests import factories
from tests.catalog.sheets import File, saved


@pytest.fixture
def draft():
    return factories.DraftEdition()


@pytest.fixture
def upload(who, draft):
    def send(content, kind="xlsx", **given):
        if not isinstance(content, bytes):
            content = saved(content)
        file = File(content, kind)
        return importing.upload(by=who("minzheng"), edition=draft, file=file, **given)

    return send
