"""Delivery: goals, visits, notes of different secrecy, transfer; and what ends it."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from demo.starter.cases import told_code
from foundation import moments
from foundation.messaging.models import Message
from foundation.models import Clock
from foundation.refusals import Invalid, NotNow
from households.help_received.models import HelpReceived
from organizations.people.models import User
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import factories


def drawn(
    size: tuple[int, int] = (640, 220), *, stroke: bool = True, kind: str = "PNG", paper: str = ""
) -> str:
    """A signature as the pad of the page sends it: strokes on nothing, as a data URL."""
    picture = Image.new("RGBA", size, paper or (0, 0, 0, 0))
    if stroke:
        middle = size[1] // 2
        ImageDraw.Draw(picture).line([(5, middle), (size[0] // 2, 5), (size[0] - 5, middle)], "black", 3)
    out = io.BytesIO()
    picture.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def misdrawn() -> str:
    """A picture with more transparencies than colours, which opens and cannot be drawn."""
    picture = Image.new("P", (640, 220))
    picture.putpalette([0, 0, 0, 255, 255, 255])
    out = io.BytesIO()
    picture.save(out, "PNG")
    raw = out.getvalue()
    chunk = b"tRNS" + bytes(260)
    extra = struct.pack(">I", 260) + chunk + struct.pack(">I", zlib.crc32(chunk))
    place = raw.index(b"IDAT") - 4
    return "data:image/png;base64," + base64.b64encode(raw[:place] + extra + raw[place:]).decode()


PNG = drawn()


def visit(referral, **given):
    fields = {"on": moments.today(), "units": 1, "note": "平稳", **given}
    return delivery.record_visit(referral, by=factories.worker_of(referral), **fields)


def planned(referral, **given):
    fields = {"plan_text": "每周一次", "goals": ["会自己做饭", "每周出门一次"], **given}
    return delivery.plan(referral, by=factories.worker_of(referral), **fields)


# --- plan and goals ---------------------------------------------------------------------


def test_a_plan_has_goals_and_each_is_judged_at_the_end(accepted):
    referral = visit(planned(accepted))
    with pytest.raises(Invalid) as refusal:
        delivery.complete(referral, by=factories.worker_of(referral), outcome="好", reached={1: 1})
    assert "goal_2" in refusal.value.fields
    referral = delivery.complete(
        referral, by=factories.worker_of(referral), outcome="好", reached={1: 2, 2: 0}
    )
    assert [goal.reached for goal in referral.goals.all()] == [2, 0]
    assert referral.goal_level == 4


def test_without_goals_the_whole_is_judged(served):
    with pytest.raises(Invalid) as refusal:
        delivery.complete(served, by=factories.worker_of(served), outcome="好")
    assert "goal_level" in refusal.value.fields


def test_a_standard_scale_is_taken_before_and_after_within_its_range(accepted):
    with pytest.raises(Invalid) as refusal:
        planned(accepted, scale="phq9", before=28)
    assert "before" in refusal.value.fields
    referral = visit(planned(accepted, scale="phq9", before=18))
    referral = delivery.complete(
        referral, by=factories.worker_of(referral), outcome="好", reached={1: 0, 2: 0}, after=9
    )
    assert (referral.measurement.before, referral.measurement.after) == (18, 9)


def test_the_review_of_a_month_begins_the_next_one(served):
    before = Clock.objects.get(
        lifecycle="referrals.Referral", object_id=served.pk, rule_key="referral.review", stopped_at=None
    )
    delivery.review(served, by=factories.worker_of(served), words="照计划进行")
    before.refresh_from_db()
    assert before.stopped_at is not None
    assert Clock.objects.filter(object_id=served.pk, rule_key="referral.review", stopped_at=None).exists()


# --- visits -----------------------------------------------------------------------------


def test_the_households_code_confirms_a_visit_and_a_wrong_one_does_not(served):
    right = told_code(served)
    with pytest.raises(Invalid) as refusal:
        visit(served, code=wrong(right))
    assert "code" in refusal.value.fields
    visit(served, code=right)
    assert served.visits.first().confirmation == "code"


def wrong(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_signature_confirms_a_visit_and_lies_encrypted(served):
    visit(served, signature=PNG)
    kept = served.visits.first()
    assert kept.confirmation == "signature"
    assert b"PNG" not in bytes(kept.signature)
    assert kept.signed().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "picture",
    [
        "x",
        "data:image/png;base64,%%%",
        PNG + "A" * 70_000,
        drawn(kind="JPEG"),
        drawn(kind="GIF"),
        "data:image/png;base64," + base64.b64encode(b"not a png").decode(),
        "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nx").decode(),
        PNG[: len(PNG) // 2],
        drawn(stroke=False),
        drawn(stroke=False, paper="white"),
        drawn(stroke=False, paper="black"),
        drawn((8, 8)),
        drawn((2500, 100)),
        misdrawn(),
    ],
)
def test_what_is_no_drawn_signature_confirms_nothing(served, picture):
    before = served.visits.count()
    with pytest.raises(Invalid) as refusal:
        visit(served, signature=picture)
    assert "signature" in refusal.value.fields
    assert served.visits.count() == before


def test_a_visit_ends_after_it_begins(served):
    with pytest.raises(Invalid) as refusal:
        visit(
            served,
            began_at=moments.now().time().replace(hour=10),
            ended_at=moments.now().time().replace(hour=9),
        )
    assert "ended_at" in refusal.value.fields


def page_of(actor, referral) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client.get(referral.get_absolute_url()).content.decode()


def test_each_note_is_read_by_those_it_is_for(served, who):
    visit(served, note="团队看的", private_note="只给自己", words="大家看的")
    worker, coordinator = factories.worker_of(served), factories.coordinator_of(served)
    household = factories.account_of(served.need.matter.household)
    reads = {
        "worker": page_of(worker, served),
        "coordinator": page_of(coordinator, served),
        "window": page_of(who("chuangkou"), served),
        "household": page_of(household, served),
    }
    assert all("大家看的" in page for page in reads.values())
    assert {name for name, page in reads.items() if "团队看的" in page} == {"worker", "coordinator"}
    assert {name for name, page in reads.items() if "只给自己" in page} == {"worker"}


def test_a_household_sees_its_code_and_how_far_it_is(served):
    household = factories.account_of(served.need.matter.household)
    page = page_of(household, served)
    assert told_code(served) in page
    assert 'aria-current="step"' in page
    assert told_code(served) not in page_of(factories.worker_of(served), served)


def test_the_household_is_told_its_code_when_the_plan_is_made(accepted):
    planned(accepted)
    assert told_code(accepted) in Message.objects.filter(about="visit-code")[0].text


def test_the_first_help_in_an_emergency_stops_its_clock():
    referral = factories.AcceptedReferral(urgent=True)
    need = referral.need
    running = Clock.objects.filter(object_id=need.pk, rule_key="need.first_help", stopped_at=None)
    assert running.exists()
    visit(planned(referral))
    assert not running.exists()


# --- transfer without a gap -------------------------------------------------------------


@pytest.fixture
def heir(served):
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider)
    factories.ContractInForce(provider=provider)
    return offering.send(
        served.need,
        by=factories.window_of(served.town),
        offer_id=offer.pk,
        ask=Ask(units=3, goal="继续照料"),
        choice_reason="家庭希望",
        replaces=served,
    )


def test_the_old_provider_serves_until_the_new_one_has_accepted(served, heir):
    visit(served)
    heir = offering.accept(heir, by=factories.coordinator_of(heir))
    served.refresh_from_db()
    assert (served.status, heir.status) == ("transferred", "accepted")
    assert not served.contact_name
    served.line.refresh_from_db()
    served.offer.refresh_from_db()
    assert (served.line.reserved, served.line.used, served.offer.taken) == (0, 2, 0)
    assert served.need.status == "in_hand"
    given = HelpReceived.objects.get(household=served.need.matter.household)
    assert given.units == 2


def test_if_the_new_one_declines_nothing_has_changed(served, heir):
    offering.decline(heir, by=factories.coordinator_of(heir), reason="no_staff")
    served.refresh_from_db()
    served.need.refresh_from_db()
    assert (served.status, served.need.status) == ("in_service", "in_hand")


def test_only_one_other_is_asked_to_take_over_at_a_time(served, heir):
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider)
    factories.ContractInForce(provider=provider)
    with pytest.raises(NotNow):
        offering.send(
            served.need,
            by=factories.window_of(served.town),
            offer_id=offer.pk,
            ask=Ask(units=3, goal="x"),
            choice_reason="y",
            replaces=Referral.objects.get(pk=served.pk),
        )


def test_when_the_service_ends_meanwhile_the_other_stands_down(served, heir):
    delivery.end_early(served, by=factories.coordinator_of(served), reason="家庭搬走")
    heir.refresh_from_db()
    assert heir.status == "not_chosen"
