"""A window that opens forms."""

from __future__ import annotations

import pytest


@pytest.fixture
def window(client_of):
    return client_of("chuangkou")
