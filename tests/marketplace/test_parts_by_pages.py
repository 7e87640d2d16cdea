"""The page of an object shows its parts page by page, and asks as often for many as for few."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from catalog.comments.models import Comment
from contracts.invoices.models import Invoice
from contracts.penalties.models import Penalty
from demo.scale import copying
from evaluations.appeals.models import Appeal
from evaluations.assessments.models import Ruling
from evaluations.consequences.models import Consequence
from foundation.lifecycle.models import LifecycleModel
from giving.models import Gift
from households.consents.models import Consent
from households.help_received.models import HelpReceived
from households.register.models import HouseholdMember
from procurement.bids.models import BidFile
from procurement.objections.models import Objection
from procurement.questions.models import Question
from referrals.matters.models import DocumentRequest
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.service.models import Goal, Visit
from tests.statements import opened

pytestmark = pytest.mark.story

MANY = 60


def copies(part: Any, **changed: Callable[[int], object]) -> list[Any]:
    """Further parts of the same object like this one."""
    found = []
    for number in range(MANY):
        more = copy.copy(part)
        more.pk = None
        if isinstance(part, LifecycleModel):
            setattr(more, part.lifecycle.field_name, part.lifecycle.starts[0].state)
        for name, value in changed.items():
            setattr(more, name, value(number))
        found.append(more)
    return type(part)._default_manager.bulk_create(found)


def opened_again(client, address: str) -> tuple[str, int]:
    """The page, and how many statements it takes once what is kept of it is known."""
    client.get(address)
    page, asked = opened(client, address)
    return page, len(asked)


PARTS = {
    "help": (HelpReceived, "household", {}, "government_from=20"),
    "visits": (Visit, "referral", {"key": lambda number: f"copy-{number}"}, "visits_from=50"),
    "invoices": (Invoice, "contract", {"number": lambda n: f"JS-2025-{n:06}"}, "invoices_before="),
    "penalties": (Penalty, "contract", {}, "penalties_before="),
    "comments": (Comment, "edition", {}, "comments_from=50"),
    "needs": (Need, "matter", {}, "needs_from=20"),
    "papers": (DocumentRequest, "matter", {}, "papers_from=20"),
    "consents": (Consent, "household", {}, "consents_from=20"),
    "goals": (Goal, "referral", {"position": lambda number: 100 + number}, "goals_from=50"),
    "rulings": (Ruling, "assessment", {}, "rulings_from=50"),
    "consequences": (Consequence, "assessment", {}, "consequences_from=50"),
    "appeals": (Appeal, "assessment", {"key": lambda number: f"copy-{number}"}, "appeals_from=50"),
    "bid_files": (BidFile, "bid", {}, "files_from=50"),
    "questions": (Question, "project", {}, "questions_from=50"),
    "objections": (Objection, "project", {}, "objections_from=50"),
    "gifts": (Gift, "pool", {"number": lambda n: f"JZ-2025-{n:06}"}, "gifts_before="),
}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_parts_come_page_by_page(client_of, name):
    model, whole, changed, further = PARTS[name]
    part = model._default_manager.order_by("pk")[0]
    address, client = getattr(part, whole).get_absolute_url(), client_of("minzheng")
    few, asked = opened_again(client, address)
    assert further not in few
    copies(part, **changed)
    many, asked_for_many = opened_again(client, address)
    assert further in many
    assert asked_for_many <= asked + 1
    assert len(many) < 200_000


def test_a_need_with_many_referrals_asks_for_their_deadlines_at_once(client_of):
    referral = Referral.objects.order_by("pk")[0]
    client, address = client_of("minzheng"), referral.need.get_absolute_url()
    _page, asked = opened_again(client, address)
    with copying.without_triggers():  # they do not begin as what they have come to be
        copies(referral, number=lambda number: f"ZJ-2025-{number:06}", status=lambda _number: "declined")
    page, asked_for_many = opened_again(client, address)
    assert asked_for_many <= asked
    assert "referrals_from=50" in page


def test_a_household_that_many_have_left_tells_them_in_pages(client_of):
    member = HouseholdMember.objects.order_by("pk")[0]
    client, address = client_of("minzheng"), member.household.get_absolute_url()
    copies(member, valid_to=lambda _number: member.valid_from)
    assert "gone_from=20" in opened(client, address)[0]
