"""A window that opens forms, and slips of the hand in tables."""

from __future__ import annotations

import pytest

from tests.foundation.slips import Slips


@pytest.fixture
def window(client_of):
    return client_of("chuangkou")


@pytest.fixture
def slips(monkeypatch) -> Slips:
    """Slips that are mended after the test."""
    return Slips(monkeypatch)
