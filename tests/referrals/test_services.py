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
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.models import Clock
from foundation.refusals import Invalid, NotNow
from foundation.roles import Role
from households.consents import giving
from households.help_received.models import HelpReceived
from households.register import members
from organizations.people.models import User
from referrals.answers import answering
from referrals.complaints import complaining
from referrals.matching import ranking
from referrals.needs.models import Need
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


@pytest.fixture
def accepted():
    return factories.AcceptedReferral()


@pytest.fixture
def served():
    return factories.ReferralInService()


def worker_of(referral):
    return factories.member_of(referral.provider, Role.SOCIAL_WORKER)


def coordinator_of(referral):
    return factories.member_of(referral.provider)


def visit(referral, **given):
    fields = {"on": moments.today(), "units": 1, "note": "平稳", **given}
    return delivery.record_visit(referral, by=worker_of(referral), **fields)


def planned(referral, **given):
    fields = {"plan_text": "每周一次", "goals": ["会自己做饭", "每周出门一次"], **given}
    return delivery.plan(referral, by=worker_of(referral), **fields)


# --- plan and goals ---------------------------------------------------------------------


def test_a_plan_has_goals_and_each_is_judged_at_the_end(accepted):
    referral = visit(planned(accepted))
    with pytest.raises(Invalid) as refusal:
        delivery.complete(referral, by=worker_of(referral), outcome="好", reached={1: 1})
    assert "goal_2" in refusal.value.fields
    referral = delivery.complete(referral, by=worker_of(referral), outcome="好", reached={1: 2, 2: 0})
    assert [goal.reached for goal in referral.goals.all()] == [2, 0]
    assert referral.goal_level == 4


def test_without_goals_the_whole_is_judged(served):
    with pytest.raises(Invalid) as refusal:
        delivery.complete(served, by=worker_of(served), outcome="好")
    assert "goal_level" in refusal.value.fields


def test_a_standard_scale_is_taken_before_and_after_within_its_range(accepted):
    with pytest.raises(Invalid) as refusal:
        planned(accepted, scale="phq9", before=28)
    assert "before" in refusal.value.fields
    referral = visit(planned(accepted, scale="phq9", before=18))
    referral = delivery.complete(
        referral, by=worker_of(referral), outcome="好", reached={1: 0, 2: 0}, after=9
    )
    assert (referral.measurement.before, referral.measurement.after) == (18, 9)


def test_the_review_of_a_month_begins_the_next_one(served):
    before = Clock.objects.get(
        lifecycle="referrals.Referral", object_id=served.pk, rule_key="referral.review", stopped_at=None
    )
    delivery.review(served, by=worker_of(served), words="照计划进行")
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
    worker, coordinator = worker_of(served), coordinator_of(served)
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
    assert told_code(served) not in page_of(worker_of(served), served)


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
    heir = offering.accept(heir, by=coordinator_of(heir))
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
    offering.decline(heir, by=coordinator_of(heir), reason="no_staff")
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
    delivery.end_early(served, by=coordinator_of(served), reason="家庭搬走")
    heir.refresh_from_db()
    assert heir.status == "not_chosen"


# --- withdrawal and death ---------------------------------------------------------------


def test_withdrawn_consent_ends_the_service_and_deletes_what_was_handed_on(served, who):
    household = served.need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=served.consent)
    served.refresh_from_db()
    served.need.refresh_from_db()
    assert (served.status, served.need.status) == ("ended_early", "unmet")
    assert not served.contact_name
    told = Notice.objects.filter(object_id=served.pk, role="coordinator", text__contains="删除")
    assert told.exists()


def test_help_that_law_owes_goes_on_after_a_withdrawal(who):
    need = factories.TransferredNeed()
    household = need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=household.consents.get())
    need.refresh_from_db()
    assert need.status == "transferred"


def test_a_household_that_withdrew_is_not_referred_even_in_an_emergency(who):
    factories.OfferedReferral()  # there is a provider with a contract
    need = factories.OpenNeed(urgent=True)
    household = need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=household.consents.get())
    offer = ranking.rank(need).candidates[0].offer_id
    with pytest.raises(Invalid, match="撤回"):
        offering.send(need, by=who("chuangkou"), offer_id=offer, ask=Ask(units=1, goal="x"))


def test_an_emergency_is_referred_before_the_consent_is_signed(who):
    factories.OfferedReferral()  # there is a provider with a contract
    need = factories.OpenNeed(urgent=True, consent=False)
    offer = ranking.rank(need).candidates[0].offer_id
    referral = offering.send(need, by=who("chuangkou"), offer_id=offer, ask=Ask(units=1, goal="x"))
    referral = offering.accept(referral, by=coordinator_of(referral))
    assert (referral.consent, referral.contact_phone.plain()) == (None, "13800000000")
    assert referral.choice["data"] == "个人信息保护法第十三条第四项"


def test_a_death_closes_what_was_open_with_kindness_and_asks_nobody(served, who):
    household = served.need.matter.household
    member, told = household.members.get(), Message.objects.filter(about="result").count()
    members.record_death(household, by=who("chuangkou"), member=member, on=moments.today())
    served.refresh_from_db()
    served.need.refresh_from_db()
    served.need.matter.refresh_from_db()
    assert (served.status, served.need.status, served.need.matter.status) == ("closed",) * 3
    served.line.refresh_from_db()
    assert (served.line.reserved, served.line.used) == (0, 1)
    assert served.line.deliveries.count() == 1
    assert Message.objects.filter(about="result").count() == told


def test_a_death_leaves_the_needs_of_the_others(served, who):
    household = served.need.matter.household
    household = members.add_member(
        household, by=who("chuangkou"), name="李四", id_number=factories.new_id_number(), relation="spouse"
    )
    member = household.members.get(relation="spouse")
    members.record_death(household, by=who("chuangkou"), member=member, on=moments.today())
    served.refresh_from_db()
    assert served.status == "in_service"


# --- answers ----------------------------------------------------------------------------


@pytest.fixture
def answered(served):
    referral = delivery.complete(served, by=worker_of(served), outcome="好多了", goal_level=4)
    answering.feed_back_service(referral, by=coordinator_of(referral), words="家里有人照应了")
    return Need.objects.get(pk=served.need_id)


def survey_path(need) -> str:
    return "/survey/" + answering.survey_address(need).split("/survey/")[1]


def test_the_result_goes_to_the_household_with_a_link_that_asks_once(answered, client):
    text = Message.objects.filter(about="result")[0].text
    path = "/survey/" + text.split("/survey/")[1].split(" ")[0]
    for secret in ("家里有人照应了", "照料", "王小明"):
        assert secret not in text
    assert "家里有人照应了" in client.get(path).content.decode()
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"score": "5", "words": "谢谢"}).status_code == 200
    assert client.get(path).status_code == 410
    kept = answered.satisfactions.get()
    assert (kept.score, kept.channel) == (5, "link")


def test_the_two_channels_are_kept_apart(answered, client):
    client.post(survey_path(answered), {"score": "5"})
    answering.rate(answered, by=factories.window_of(answered.town), score=3)
    found = set(answered.satisfactions.values_list("channel", "score"))
    assert found == {("link", 5), ("call", 3)}


def test_a_need_is_not_closed_before_somebody_asked_or_said_why_not(answered):
    window = factories.window_of(answered.town)
    with pytest.raises(Invalid) as refusal:
        answering.close(answered, by=window)
    assert "not_reached" in refusal.value.fields
    assert answering.close(answered, by=window, not_reached="三次无人接听").status == "closed"


def test_a_survey_link_that_was_changed_is_none(answered, client):
    assert client.get(survey_path(answered)[:-4] + "xxx/").status_code == 410


# --- complaints -------------------------------------------------------------------------


def test_a_complaint_is_answered_one_level_above(served, who):
    household = factories.account_of(served.need.matter.household)
    window, civil = who("chuangkou"), who("minzheng")
    complaint = complaining.file(by=household, about="provider", text="没有来", need=served.need)
    assert "answer" in [each.name for each in complaint.transitions_for(window)]
    assert "answer" not in [each.name for each in complaint.transitions_for(civil)]
    complaint = complaining.answer(complaint, by=window, reply="已催办")
    complaint = complaining.raise_higher(complaint, by=household, reason="还是没有来")
    assert "answer" not in [each.name for each in complaint.transitions_for(window)]
    complaint = complaining.answer(complaint, by=civil, reply="已换社工")
    assert complaining.close(complaint, by=household).status == "closed"


def test_the_window_does_not_see_a_complaint_about_itself(served, who, client_of):
    household = factories.account_of(served.need.matter.household)
    complaint = complaining.file(by=household, about="window", text="态度差")
    assert client_of("chuangkou").get(complaint.get_absolute_url()).status_code == 404
    assert "answer" in [each.name for each in complaint.transitions_for(who("minzheng"))]
