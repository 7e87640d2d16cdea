"""Groups of roles are named once, beside the roles; views and templates ask for no role."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.house import asking_in_templates, speaking
from tests.house.packages import ROOT


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_one_set_of_roles_has_one_name():
    groups = speaking.groups()
    assert len(groups) > 10
    same = [(one, other) for one, other in combinations(groups, 2) if groups[one] == groups[other]]
    assert same == []


def test_sets_of_roles_are_written_beside_the_roles():
    written = {
        name: found
        for name in speaking.sources()
        if name != "foundation/roles.py" and (found := speaking.role_sets(read(name)))
    }
    assert written == {}


@pytest.mark.parametrize(
    "text",
    (
        "READERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR)",
        "found = actor.role in {Role.WINDOW, Role.ASSISTANT}",
        "SEES = frozenset([Role.HANDLER, Role.FINANCE])",
        "access = access(GET=(*OVERSEERS, Role.FINANCE))",
        "OVERSIGHT = OVERSEERS",
    ),
)
def test_a_set_of_roles_that_is_written_elsewhere_is_found(text):
    assert speaking.role_sets(text)


@pytest.mark.parametrize(
    "text", ("access = access(GET=OVERSEERS, POST=(Role.WINDOW,))", "words = (Role.WINDOW, _('窗口'))")
)
def test_a_group_or_one_role_is_not_found(text):
    assert speaking.role_sets(text) == []


#: Files that show or write something to a reader: they ask parties, who name the objects with the roles.
SHOWING = ("views.py", "serializers.py", "documents.py", "forms.py", "drawing.py", "api.py")


def test_what_is_shown_asks_for_no_role():
    asking = {
        name: found
        for name in speaking.sources()
        if name.rpartition("/")[2] in SHOWING and (found := speaking.asked_roles(read(name)))
    }
    asking |= {
        name: found for name in speaking.templates() if (found := asking_in_templates.asked_roles(read(name)))
    }
    assert asking == {}


@pytest.mark.parametrize(
    "text",
    (
        "may = self.actor.role == Role.WINDOW",
        "may = request.actor.role not in OVERSEERS",
        "shows = self.actor.overseeing",
        "own = self.actor.private",
        "words = {Role.WINDOW: 1}[self.actor.role]",
        "words = WORDS.get(self.actor.role)",
        "own = str(self.actor.role) == ROLE",
        "match self.actor.role:\n    case Role.WINDOW:\n        pass",
    ),
)
def test_a_view_that_asks_for_a_role_is_found(text):
    assert speaking.asked_roles(text)
    assert not speaking.asked_roles(
        'may = window.admits(self.actor, household) or self.may_open("matter", 0)'
    )


def test_a_role_is_not_written_as_a_text():
    written = {name: found for name in speaking.sources() if (found := speaking.roles_as_texts(read(name)))}
    assert written == {}


@pytest.mark.parametrize(
    "text", ('own = by.role == "household"', 'own = actor.role in ("household", "window")')
)
def test_a_role_that_is_written_as_a_text_is_found(text):
    assert speaking.roles_as_texts(text)
    assert not speaking.roles_as_texts('own = by.role == Role.HOUSEHOLD or row.role == "button"')


@pytest.mark.parametrize(
    "text",
    (
        '{% if actor.role == "window" %}',
        '{% if "window" == actor.role %}',
        '{% if actor.role.value == "window" %}',
        "{% if request.actor.role in roles %}",
        '{% with mine=actor.role %}{% if mine == "window" %}',
        "{% if actor.overseeing %}",
        "{% if request.actor.private %}",
        "{{ actor.private|yesno }}",
    ),
)
def test_a_template_that_asks_for_a_role_is_found(text):
    assert asking_in_templates.asked_roles(text)


@pytest.mark.parametrize(
    "text", ('{{ actor.role.label }} <p role="status">', "{% if row.private %}", '{% if role == "alert" %}')
)
def test_a_template_that_asks_for_something_else_is_not_found(text):
    assert asking_in_templates.asked_roles(text) == []
