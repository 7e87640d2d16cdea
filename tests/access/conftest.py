"""Cases whose texts nobody should read without a reason."""

from __future__ import annotations

import re

import pytest

from catalog.editions.models import Edition
from catalog.hsds import ids
from catalog.offers.models import Offer
from demo.starter.places_and_people import actor
from foundation import moments
from foundation.documents import making
from foundation.scheduling.models import Routine
from foundation.scheduling.routines import CLOCKS
from households.corrections import correcting
from households.help_received import helping
from organizations.places.models import Place
from organizations.providers.models import Provider
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.matters.documents import ACCEPTANCE_SLIP
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.service import delivery
from tests import factories
from tests.access.addresses import KINDS
from tests.access.telling import (
    AGAIN,
    EXPLAINED,
    GIVEN,
    GIVER,
    GOAL,
    MOVED,
    NOTE,
    PAPERS,
    PLAN,
    REFUSED,
    STORY,
    WHY_ONE,
    WORDS,
    WRONG,
)


@pytest.fixture(autouse=True)
def clocks_run():
    """The worker has run its clocks, or ``/health/ready`` says rightly that it has not."""
    Routine.objects.update_or_create(name=CLOCKS, defaults={"ran_at": moments.now()})


@pytest.fixture
def case():
    """A case of 虹桥社区 with a plan, a visit and an answer."""
    referral = factories.AcceptedReferral(story=STORY)
    worker = factories.member_of(referral.provider, "social_worker")
    referral = delivery.plan(referral, by=worker, plan_text=PLAN, goals=[GOAL])
    return delivery.record_visit(
        referral, by=worker, on=moments.today(), units=1, note=NOTE, words=WORDS, confirmed=True
    )


@pytest.fixture
def refused():
    """A need that its body has refused in writing."""
    need = factories.TransferredNeed(kind="living", story=STORY)
    handler = factories.PersonOf(role="handler", role__organization=need.body)
    return triage.refuse(need, by=handler.memberships.get().actor(), reason=REFUSED)


@pytest.fixture
def told_of(who):
    """Papers lacking, an explanation, a reason of choice, help, a correction, a hand-over."""
    window = who("chuangkou")
    place = Place.objects.get(name="虹桥社区")
    asked, explained = (
        intake.report(
            by=who("xieguan"),
            name="何明",
            id_number=factories.new_id_number(),
            category="none",
            size=1,
            story="独居",
        )
        for _ in range(2)
    )
    intake.ask_papers(asked, by=window, papers="别的")
    asked = intake.ask_papers(asked, by=window, papers=PAPERS, again_because=AGAIN)
    explained = intake.explain(explained, by=window, reason=EXPLAINED)
    referral = factories.OfferedReferral()
    referral.choice = {**referral.choice, "reason": WHY_ONE, "override": WHY_ONE}
    referral.save()
    matter = referral.need.matter
    assert matter.household.place == place
    helping.tell_help(matter.household, by=window, told_giver=GIVER, what=GIVEN, on=moments.today())
    person = matter.household.head.person
    correction = correcting.propose(
        by=window, household=matter.household, person=person, id_number=factories.new_id_number(), why=WRONG
    )
    town = Place.objects.filter(kind="town").exclude(pk=matter.town_id)[0]
    handover = handing_over.propose(by=window, matter=matter, why=MOVED, town=town)
    return asked, explained, referral, correction, handover


@pytest.fixture
def example(who):
    """Fills the parts of a route with those of an object that ``username`` may see."""
    window = who("chuangkou")
    matter = Matter.objects.visible_to(window).filter(status="accepted").first()
    document = making.request(ACCEPTANCE_SLIP, matter, by=window)
    in_force = Edition.objects.in_force().get().pk
    older = Edition.objects.published().last().pk
    service = ids.make("service", Offer.objects.serving().first().pk)
    organization = Provider.objects.published().first().organization.code

    def fill(route: str, username: str | None) -> str:
        if "<" not in route:
            return route
        person = actor(username) if username else None
        kind = re.match(r"/(?:api/v1/)?([a-z-]+)", route)
        model = KINDS.get(kind.group(1) if kind else "")
        obj = None
        if model is not None:
            manager = model._default_manager
            visible = getattr(manager, "visible_to", None)
            obj = (visible(person).first() if visible and person else None) or manager.first()
        values = {
            "pk": getattr(obj, "pk", None) or matter.pk,
            "number": getattr(obj, "number", ""),
            "edition": in_force,
            "code": document.code,
            "label": "referrals.Matter",
            "kind": "acceptance-slip",
            "digest": "0" * 64,
            "field": "story",
            "older": older,
            "newer": in_force,
            "paper": 0,
            "file": 0,
            "measure": "answered",
            "name": "extension.json",
            "year": 2026,
            "form": "record.json" if "/processes/" in route else "jsonl",
            "ocid": "ocds-000000-XM-1",
            "place": "3.2.2",
            "token": "no-such-token",
            "connection": 0,
            "identifier": service,
        }
        if route.startswith("/funds/"):
            values["account"] = "spent"
        if route.startswith("/organizations/"):
            values["code"] = organization
        elif "/items/" in route or route.startswith("/catalog/"):
            values["code"], values["kind"] = "B01.01", "csv"
        elif "missing-help" in route:
            values["kind"] = "care"
        elif "/headings/" in route:
            values["code"] = "B01"
        return re.sub(r"<\w+:(\w+)>", lambda part: str(values[part.group(1)]), route)

    return fill
