"""Members of a household, as tests let them join."""

from __future__ import annotations

from foundation import moments
from households.joining.models import Joining
from households.register import members
from households.register.models import Person
from tests import factories

GIVEN = ["contact_name", "contact_phone"]


def joined(household, window, **given):
    given = {"name": "李四", "id_number": factories.new_id_number(), "relation": "spouse", **given}
    return members.add_member(household, by=window, **given)


def last_person(household) -> Person:
    return household.members.filter(valid_to=None).order_by("-id")[0].person


def child_of(household, window, **given) -> Person:
    """A child of nine, guarded by the head of the household unless said otherwise."""
    if not {"guardian", "guardian_body"} & set(given):
        given["guardian"] = household.head.person
    born = f"{moments.today().year - 9}-01-05"
    joined(household, window, id_number=factories.new_id_number(born), relation="child", **given)
    return last_person(household)


def asked_to_join(household, elsewhere) -> Joining:
    """The question whether somebody who counts in the household ``elsewhere`` also lives in this one."""
    there, here = (factories.window_of(home.town) for home in (elsewhere, household))
    person = {"name": "王小明", "id_number": factories.new_id_number()}
    joined(elsewhere, there, **person)
    joined(household, here, relation="other", counts=False, why="轮流照料", **person)
    return Joining.objects.latest("pk")
