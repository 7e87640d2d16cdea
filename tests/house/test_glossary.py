"""The glossary has every model of ours, every role, and nothing that is not in the code."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db.models import TextChoices

from foundation.autodiscovery import PackageConfig
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Role
from tests.house import naming
from tests.house.packages import ROOT

PACKAGES = [config for config in apps.get_app_configs() if isinstance(config, PackageConfig)]


class Term(NamedTuple):
    """One line of the glossary."""

    package: str
    chinese: str
    english: str
    name: str
    meaning: str


def terms() -> list[Term]:
    """Every line of every table."""
    found, package = [], ""
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        if line.startswith("## "):
            package = line[3:]
        elif line.startswith("| ") and "---" not in line and "English" not in line:
            chinese, english, name, meaning = (cell.strip() for cell in line.strip("|").split(" | "))
            found.append(Term(package, chinese, english, name.strip("`"), meaning))
    return found


TERMS = terms()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_model_stands_under_its_package(package):
    named = {term.name for term in TERMS if term.package == package.name}
    assert {model._meta.label for model in package.get_models()} - named == set()


def test_every_role_and_every_life_has_its_word():
    named = {term.name for term in TERMS}
    assert {f"Role.{role.name}" for role in Role} - named == set()
    assert {label for label in LIFECYCLES if label not in named and label.split(".")[0] != "tests"} == set()


def test_every_word_stands_for_something_in_the_code():
    assert [term.name for term in TERMS if not naming.is_defined(term.name)] == []


def test_every_line_is_whole_and_no_name_stands_twice_in_a_package():
    assert [term for term in TERMS if not all(term)] == []
    assert [term.chinese for term in TERMS if not re.search(r"[\u4e00-\u9fff]", term.chinese)] == []
    names = [(term.package, term.name) for term in TERMS]
    assert len(names) == len(set(names))


def test_packages_stand_in_the_order_of_their_floors():
    order = list(dict.fromkeys(term.package for term in TERMS))
    installed = [package.name for package in reversed(PACKAGES)]
    assert [name for name in order if name in installed] == installed


def test_states_and_roles_are_called_as_people_read_them():
    """``ReferralStatus.OFFERED`` stands in Chinese as it stands on the pages."""
    told = {}
    for term in TERMS:
        kind, _, member = term.name.partition(".")
        for choices in naming.classes_called(kind):
            if issubclass(choices, TextChoices) and member in choices.__members__:
                told[term.name] = (term.chinese, str(choices[member].label))
    assert len(told) > 100
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}
