"""One person's number, the household that it counts in, and another."""

from __future__ import annotations

import pytest

from households.register.models import Household
from organizations.places.models import Place
from tests import factories


@pytest.fixture
def number() -> str:
    return factories.new_id_number()


@pytest.fixture
def home(number) -> Household:
    """A household of another town than ``own``."""
    return factories.AcceptedMatter(id_number=number).household


@pytest.fixture
def own() -> Household:
    """The household of the window ``HERE``."""
    return factories.AcceptedMatter(place=Place.objects.get(name="华士社区")).household


@pytest.fixture
def window(who):
    return who("chuangkou")


@pytest.fixture
def household():
    return factories.AcceptedMatter(consent=False).household
