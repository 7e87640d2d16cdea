"""Somebody leaves a household whose phone may be theirs: it opens nothing until somebody has asked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from households.register import accounts, members
from households.register.models import Household, HouseholdMember
from organizations.people.models import Membership
from referrals.answers import answering
from referrals.needs import triage
from referrals.offers import offering
from referrals.service import delivery
from tests import factories

PHONE, OTHER = "13800000077", "13800000078"


@pytest.fixture
def wife() -> str:
    """The number of her who stays; everybody in a family knows it."""
    return factories.new_id_number(birth="1986-03-04", sex="F")


@pytest.fixture
def home(wife, who) -> Household:
    """Three people; the phone on record is that of the one who leaves."""
    matter = factories.AcceptedMatter(name="刘英", id_number=wife, phone=PHONE)
    for name, birth, sex, relation, more in (
        ("王强", "1984-05-06", "M", "spouse", {}),
        ("王豆豆", "2017-05-06", "M", "child", {"guardian": matter.household.head.person}),
    ):
        members.add_member(
            matter.household,
            by=who("chuangkou"),
            name=name,
            relation=relation,
            id_number=factories.new_id_number(birth=birth, sex=sex),
            **more,
        )
    return Household.objects.get(pk=matter.household_id)


def leaves(client, home: Household, relation: str, **more):
    member = home.members.get(relation=relation, valid_to=None)
    body = {"member": member.pk, "left_for": "moved", "on": str(moments.today()), **more}
    return client.post(
        f"/api/v1/households/{home.number}/end_membership", json.dumps(body), content_type="application/json"
    )


def signed_in(home: Household) -> Client:
    client = Client()
    client.force_login(accounts.account_of(home))
    assert client.get(home.get_absolute_url()).status_code == 200
    return client


def enters(number: str, phone: str) -> bool:
    """Whether number and phone open a household's page."""
    client = Client()
    client.post("/sign-in/household/", {"id_number": number, "phone": phone})
    code = client.get("/apply/code/").context["shown"]
    answer = client.post("/apply/code/", {"code": code or "123456"})
    return answer.status_code == 302 and answer["Location"] == "/workbench/"


def test_whoever_has_left_is_out_at_once_and_does_not_come_back(client_of, home, wife):
    his = signed_in(home)
    assert enters(wife, PHONE)
    assert leaves(client_of("chuangkou"), home, "spouse").status_code == 200
    assert his.get(home.get_absolute_url()).status_code == 302
    assert his.get(f"/api/v1/households/{home.number}").status_code == 401
    for member in HouseholdMember.objects.filter(household=home):
        assert not enters(member.person.id_number.plain(), PHONE)


def test_no_provider_is_given_a_phone_in_doubt_and_no_code_goes_there(client_of, home):
    referral = factories.OfferedReferral(need=home.matters.get().needs.get())
    leaves(client_of("chuangkou"), home, "spouse")
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    provider = factories.member_of(referral.provider)
    worker = Membership.objects.get(organization=referral.provider.organization, role="social_worker")
    referral = offering.accept(referral, by=provider, worker=worker)
    assert referral.contact_name
    assert not referral.contact_phone
    delivery.plan(referral, by=worker.actor(), plan_text="陪伴")
    coordinator = client_of(factories.user_of(referral.provider).username)
    coordinator.post(f"/api/v1/referrals/{referral.number}/visit-code")
    assert not [m for m in Message.objects.filter(pk__gt=last) if m.to.plain() == PHONE]


def test_the_page_says_that_the_phone_is_in_doubt_and_the_window_ends_it(client_of, home, wife):
    window = client_of("chuangkou")
    leaves(window, home, "spouse")
    assert "电话待核对" in window.get(home.get_absolute_url()).content.decode()
    assert window.get(f"/api/v1/households/{home.number}").json()["phone_doubted"] is True
    home.refresh_from_db()
    known = {"category": home.category, "size": home.size, "language": home.language}
    window.post(f"{home.get_absolute_url()}update/", known)
    assert not enters(wife, PHONE)
    window.post(f"{home.get_absolute_url()}update/", {**known, "phone": PHONE})
    assert enters(wife, PHONE)
    assert "电话待核对" not in window.get(home.get_absolute_url()).content.decode()


def test_another_phone_ends_the_doubt_and_every_sign_in(client_of, home, wife):
    window, his = client_of("chuangkou"), signed_in(home)
    known = {"category": home.category, "size": home.size, "language": home.language}
    window.post(f"{home.get_absolute_url()}update/", {**known, "phone": OTHER})
    assert his.get(home.get_absolute_url()).status_code == 302
    leaves(window, home, "spouse")
    window.post(f"{home.get_absolute_url()}update/", {**known, "phone": PHONE})
    with moments.as_of(moments.now() + timedelta(days=8)):
        assert enters(wife, PHONE)


def test_a_phone_that_stays_with_those_who_stay_opens_as_before(client_of, home, wife):
    his = signed_in(home)
    answer = leaves(client_of("chuangkou"), home, "spouse", phone_stays=True)
    assert answer.status_code == 200
    assert his.get(home.get_absolute_url()).status_code == 302
    assert enters(wife, PHONE)


def test_a_child_that_leaves_holds_no_phone(client_of, home, wife):
    hers = signed_in(home)
    assert leaves(client_of("chuangkou"), home, "child").status_code == 200
    assert hers.get(home.get_absolute_url()).status_code == 200
    assert enters(wife, PHONE)


def test_the_result_of_a_need_goes_to_no_phone_in_doubt(client_of, home, who):
    window = who("chuangkou")
    need = triage.add(by=window, matter=home.matters.get(), kind="living")
    need = triage.transfer(need, by=window, body=triage.propose(need.kind).body)
    leaves(client_of("chuangkou"), home, "spouse")
    handler = factories.PersonOf(role="handler", role__organization=need.body)
    handler = handler.memberships.get().actor()
    need = triage.grant(triage.take_up(need, by=handler), by=handler, result="已批准", amount=100)
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answering.feed_back(need, by=handler, words="已批准")
    assert not Message.objects.filter(pk__gt=last).exists()


# --- what is only of the one who left ---------------------------------------------------


@pytest.fixture
def hers(home, who):
    """The own need of a spouse who leaves a household whose phone stays with those who stay."""
    member = home.members.get(relation="spouse")
    need = triage.add(by=who("chuangkou"), matter=home.matters.get(), kind="living", person=member.person)
    accounts.account_of(home)
    return triage.transfer(need, by=who("chuangkou"), body=triage.propose(need.kind).body)


def test_the_answer_to_somebody_who_left_is_told_to_nobody_who_stayed(client_of, home, hers, client):
    handler = factories.PersonOf(role="handler", role__organization=hers.body)
    handler = handler.memberships.get().actor()
    leaves(client_of("chuangkou"), home, "spouse", phone_stays=True)
    need = triage.grant(triage.take_up(hers, by=handler), by=handler, result="已批准", amount=100)
    texts, notices = set(Message.objects.values_list("pk", flat=True)), Notice.objects.count()
    need = answering.feed_back(need, by=handler, words="已批准")
    assert not Message.objects.exclude(pk__in=texts).exists()
    account = home.accounts.get().user_id
    assert not Notice.objects.filter(user_id=account, object_id=need.pk).exists()
    assert Notice.objects.count() >= notices
    link = answering.survey_address(need).removeprefix(settings.PUBLIC_ADDRESS)
    assert client.get(link).status_code == 410


def test_no_provider_is_sent_to_a_home_that_the_person_has_left(client_of, home, who):
    member = home.members.get(relation="spouse")
    need = triage.add(by=who("chuangkou"), matter=home.matters.get(), kind="care", person=member.person)
    referral = factories.OfferedReferral(need=need)
    leaves(client_of("chuangkou"), home, "spouse", phone_stays=True)
    api = client_of(factories.user_of(referral.provider).username)
    answer = api.post(f"/api/v1/referrals/{referral.number}/accept", "{}", content_type="application/json")
    assert answer.status_code == 409
    referral.refresh_from_db()
    assert (referral.status, referral.contact_name) == ("offered", None)
