"""Objects, roles and doors: whoever opens whatever page, list, file or answer reads no value of anybody that the
declarations do not tell him, nor does the journal once all of them were revealed.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from demo.starter.places_and_people import actor
from foundation.journal.models import Entry
from foundation.personal_data import revealing
from foundation.personal_data.disclosing import protected
from foundation.roles import Role
from households.register.models import Household
from referrals.offers.models import Referral
from tests.access import addresses
from tests.access.addresses import Fill
from tests.access.real_values import Finder, Texts, identifying, words_of
from tests.accounts import USERS

pytestmark = [pytest.mark.story, pytest.mark.slow]

#: Where evaluators read the texts of the cases that they were drawn, without the names in them.
ANONYMOUS = re.compile(r"/(api/v1/)?sheets/\d+/(score|submit)?/?$")

#: Objects of a kind that are opened, at even distances among those that a reader sees.
EACH = 3


def some_of(model: Any, reader: Any) -> list[Any]:
    """Objects of a kind that the reader sees, old ones and new ones."""
    if not hasattr(model._default_manager, "visible_to"):
        return []
    keys = list(model._default_manager.visible_to(reader).order_by("pk").values_list("pk", flat=True))
    step = max(1, len(keys) // EACH)
    return list(model._default_manager.filter(pk__in=keys[::step][-EACH:]))


def paths_of(username: str, fill: Fill) -> list[str]:
    """What somebody's role may open, with several objects of each kind, which are looked up once."""
    reader, known = actor(username), {}

    def several(model: type[Any]) -> list[Any]:
        if model not in known:
            known[model] = some_of(model, reader)
        return known[model]

    return addresses.paths_of(username, fill, several)


@pytest.fixture
def looked_at() -> int:
    """Each value that may be looked at of one case was looked at once."""
    referral = Referral.objects.latest("pk")
    need, by, looks = referral.need, actor("minzheng"), 0
    household: Household = need.matter.household
    person = household.members.latest("pk").person
    for obj in (household, person, need.matter, need, referral, *household.help_received.all()[:1]):
        for name in sorted(protected(type(obj))):
            if obj.may_reveal(by, name):
                revealing.reveal(obj, name, by=by, reason="核对救助对象身份")
                looks += 1
    return looks


@pytest.mark.parametrize("role", [Role(role) for role in USERS])
def test_nobody_reads_a_value_that_the_declarations_do_not_tell_him(client_of, example, looked_at, role):
    username = USERS[role]
    names, texts = identifying(), Texts().not_for(actor(username))
    kept = {**texts, **names}
    assert len(names) > 200
    finder, client, opened, told = Finder(kept), client_of(username), 0, set()
    for path in paths_of(username, example):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code != 200:
            continue
        opened += 1
        hidden = names if role is Role.EVALUATOR and ANONYMOUS.fullmatch(path) else kept
        told |= {(path, kept[value]) for value in finder.found_in(words_of(answer)) if value in hidden}
    assert sorted(told) == []
    assert looked_at > 10
    assert opened > 30


def test_no_entry_of_the_journal_keeps_a_value_in_plain(looked_at):
    finder, told = Finder(identifying()), []
    for entry in Entry.objects.all():
        text = f"{entry.object_name} {entry.before} {entry.after} {entry.reason}"
        told += [(entry.lifecycle, entry.move, where) for where in finder.found_in(text)]
    assert told == []
    assert looked_at > 10
