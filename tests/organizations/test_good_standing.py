"""An accreditation with its last day: every reader asks the day, not the state alone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog.items.models import Item
from catalog.offers import applying
from catalog.public import publication
from contracts.contracts import signing
from demo.starter.checks import all_right
from evaluations.exits import exiting
from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from foundation.work_items import rebuilding
from organizations.bodies.models import Organization
from organizations.listings import entering
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing
from organizations.people.models import Membership
from organizations.providers import accreditation, expiring, standing
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.purchases import planning
from procurement.purchases.forms import Invite
from referrals.matching.ranking import rank
from referrals.needs import triage
from referrals.offers import offering
from tests import factories
from tests.procurement import purchases

#: How a provider stands, and whether it counts: 400 days after the end of its accreditation, on the day before and on
#: the last day, and while it stands on one of the lists of the registration authority.
DAYS = {
    "long ago": False,
    "yesterday": False,
    "today": True,
    "tomorrow": True,
    "abnormal": False,
    "serious_breach": False,
}


def until(provider: Provider, name: str) -> Provider:
    """The provider, on a day on which its accreditation ends then, or on which it is listed, and after the work of that
    morning.
    """
    days = {"long ago": -400, "yesterday": -1, "today": 0}.get(name, 1)
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() + timedelta(days=days))
    code = Organization.objects.get(pk=provider.organization_id).credit_code
    for listing in Listing.objects.on().filter(credit_code=code):
        entering.remove(listing, by=factories.actor("minzheng2"), removed_on=moments.today(), reason="移出")
    if name in ListKind.values:
        entering.enter(
            by=factories.actor("minzheng"),
            credit_code=code,
            name="登记的名称",
            kind=name,
            listed_on=moments.today(),
            source="公示平台",
        )
    rebuilding.follow_the_day()
    return Provider.objects.get(pk=provider.pk)


def goes(act) -> bool:
    """Whether an act is let through."""
    try:
        with transaction.atomic():
            act()
    except Refused:
        return False
    return True


@pytest.mark.parametrize("name", DAYS)
def test_contracts_and_offers_ask_the_day(name):
    counts, provider = DAYS[name], factories.AccreditedProvider()
    drafted = factories.DraftContract(provider=provider)
    offered = factories.DraftContract(provider=provider)
    second, own = factories.actor("minzheng2"), factories.member_of(provider)
    offered = signing.sign_as_buyer(offered, by=second, typed=second.name)
    until(provider, name)
    assert goes(lambda: factories.DraftContract(provider=provider)) is counts
    assert goes(lambda: factories.DirectContract(provider=provider)) is counts
    assert goes(lambda: signing.sign_as_buyer(drafted, by=second, typed=second.name)) is counts
    assert goes(lambda: signing.sign_as_provider(offered, by=own, typed=own.name)) is counts
    item = Item.objects.in_force().get(code="B01.01")
    given = {"item": item, "places": 2, "weekly": 4, "price": Decimal("40"), "staff": "持证"}
    assert goes(lambda: applying.apply(by=own, **given)) is counts


@pytest.mark.parametrize("name,words", [("abnormal", "活动异常名录"), ("serious_breach", "严重违法失信名单")])
def test_who_stands_on_a_list_is_told_so_when_it_offers_or_its_offer_is_read(name, words):
    provider = factories.AccreditedProvider()
    item = Item.objects.in_force().get(code="B01.01")
    given = {"item": item, "places": 2, "weekly": 4, "price": Decimal("40"), "staff": "持证"}
    offer = applying.apply(by=factories.member_of(provider), **given)
    until(provider, name)
    with pytest.raises(Refused, match=words):
        applying.accept(offer, by=factories.actor("minzheng"))
    with pytest.raises(Refused, match=words):
        applying.apply(by=factories.member_of(provider), **given)


@pytest.mark.parametrize("name", DAYS)
def test_purchases_ask_the_day(name):
    counts = DAYS[name]
    project = purchases.evaluated()
    best = project.bids.get(rank=1).provider
    until(best, name)
    assert goes(lambda: awarding.award(project, by=purchases.officer())) is counts
    assert goes(lambda: bidding.require_may_bid(project, until(best, name))) is counts
    planned = purchases.planned()
    provider = until(best, name)
    invited = lambda: planning.invite(planned, by=purchases.officer(), providers=[provider])  # noqa: E731  one act of several
    assert goes(invited) is counts
    form = Invite(actor=purchases.officer(), obj=planned, row=None)
    assert form.fields["providers"].queryset.filter(pk=provider.pk).exists() is counts


@pytest.mark.parametrize("name", DAYS)
def test_referrals_ask_the_day(name):
    counts = DAYS[name]
    referral = factories.OfferedReferral()
    until(referral.provider, name)
    ranking = rank(referral.need)
    assert any(candidate.offer_id == referral.offer_id for candidate in ranking.candidates) is counts
    act = lambda: offering.accept(referral, by=factories.member_of(referral.provider))  # noqa: E731  one act of several
    assert goes(act) is counts


@pytest.mark.parametrize("name", DAYS)
def test_the_public_directory_tells_the_truth_on_the_day(name, client):
    counts = DAYS[name]
    factories.AcceptedOffer()  # of the same item, by another provider
    offer = factories.AcceptedOffer(provider=factories.AccreditedProvider(name="到期的机构"))
    until(offer.provider, name)
    item, organization = offer.item, offer.provider.organization
    listed = publication.offered([item.pk])[item.pk][0]
    until(offer.provider, "tomorrow")
    assert publication.offered([item.pk])[item.pk][0] - listed == (0 if counts else 1)
    until(offer.provider, name)
    page = client.get(item.get_absolute_url()).content.decode()
    assert ("到期的机构" in page) is counts
    own = client.get(f"/providers/{organization.code}/", follow=True)
    shown = own.content.decode() if own.status_code == 200 else ""
    told = "准入已到期" if name not in ListKind.values else str(ListKind(name).label)
    assert (told in shown) is (not counts) or own.status_code == 404
    rows = client.get("/hsds/services", {"per_page": 500}).json()["contents"]
    mine = [row for row in rows if row.get("organization", {}).get("name") == "到期的机构"]
    assert all((each["status"] == "active") is counts for each in mine)


@pytest.mark.parametrize("name", DAYS)
def test_pages_search_and_api_say_how_it_stands_on_the_day(name, client, client_of, api_of):
    counts = DAYS[name]
    provider = factories.AccreditedProvider(name="查一查的机构")
    factories.AcceptedOffer(provider=provider)
    until(provider, name)
    listed = client.get("/organizations/", follow=True).content.decode()
    found = client.get("/organizations/", {"others": ""}, follow=True).content.decode()
    assert ("查一查的机构" in listed, "查一查的机构" in found) == (counts, not counts)
    own = client.get(f"/organizations/{provider.organization.code}/").content.decode()
    assert ("现在不接新的家庭" in own) is not counts
    words = "已准入" if counts else str(ListKind(name).label) if name in ListKind.values else "准入已到期"
    officer = client_of("minzheng")
    assert words in officer.get("/search/", {"q": "查一查的机构"}).content.decode()
    assert words in officer.get("/providers/", {"q": "查一查的机构"}).content.decode()
    assert words in officer.get(f"/providers/{provider.pk}/").content.decode()
    told = api_of("minzheng").get(f"/api/v1/providers/{provider.pk}").json()
    assert told["in_good_standing"] is counts
    assert told["stands_on"] == (name if name in ListKind.values else "")


@pytest.mark.parametrize("name", ["long ago", "abnormal"])
def test_a_kind_of_need_that_nobody_may_serve_is_not_sent_to_providers(name):
    offer = factories.AcceptedOffer()
    kind = offer.item.need_kind
    assert triage.routes([kind])[kind].way == "refer"
    until(offer.provider, name)
    assert triage.routes([kind])[kind].way != "refer"


def test_an_end_is_told_60_and_30_days_before_each_once_to_the_provider_and_to_civil_affairs():
    provider = factories.AccreditedProvider()
    factories.PersonOf(role=Role.STAFF_MANAGER, role__organization=provider.organization)
    day = moments.today() + timedelta(days=61)
    Provider.objects.filter(pk=provider.pk).update(accredited_until=day)
    told = []
    for ahead in (61, 60, 60, 45, 30, 29, 1):
        with moments.as_of(moments.now() + timedelta(days=61 - ahead)):
            expiring.notify_of_expiry()
        told.append(len(_told_of(provider)))
    assert told == [0, 3, 3, 3, 6, 6, 6]
    assert set(_told_of(provider)) == {"civil_affairs", "coordinator", "staff_manager"}


def test_whoever_was_told_at_neither_day_is_told_once_and_of_a_new_end_anew():
    provider = factories.AccreditedProvider()
    for left in (10, 9):
        Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() + timedelta(left))
        expiring.notify_of_expiry()
        expiring.notify_of_expiry()
    told = Counter(_told_of(provider))
    assert told == {"civil_affairs": 2, "coordinator": 2, "staff_manager": 2}


def _told_of(provider: Provider) -> list[str]:
    """The roles that were told of the end."""
    told = Notice.objects.filter(object_id=provider.pk, lifecycle="organizations.Provider")
    return list(told.filter(texts__icontains="准入有效期到").values_list("role", flat=True))


def test_an_accreditation_is_extended_by_two_people_again_and_again():
    first, second = factories.actor("minzheng"), factories.actor("minzheng2")
    provider = until(factories.AccreditedProvider(), "yesterday")
    later = moments.today() + timedelta(days=900)
    with pytest.raises(NotNow):
        accreditation.extend(provider, by=second, until=later)
    for one, other in ((first, second), (second, first)):
        later += timedelta(days=1)
        accreditation.check_again(provider, by=one, findings=all_right())
        with pytest.raises(NotYours):
            accreditation.extend(provider, by=one, until=later)
        provider = accreditation.extend(provider, by=other, until=later)
        assert provider.in_good_standing()


def test_a_provider_whose_exit_is_under_way_is_not_let_in_again():
    provider = factories.AccreditedProvider()
    officer, second = factories.actor("minzheng"), factories.actor("minzheng2")
    made = exiting.propose(by=officer, provider=provider, cause="breach", reasons="多次未到")
    standing.suspend(provider, by=officer, reason="退出程序")
    with pytest.raises(Refused, match="退出正在办理"):
        standing.resume(provider, by=second, reason="再试一次")
    exiting.drop(made, by=second, reason="查无实据")
    assert standing.resume(provider, by=second, reason="已撤回").status == "accredited"


# --- duties that never meet -------------------------------------------------------------


@pytest.mark.parametrize(
    "one,other",
    [
        ("civil_affairs", "coordinator"),
        ("finance", "civil_affairs"),
        ("social_worker", "finance"),
        ("auditor", "finance"),
        ("coordinator", "window"),
        ("evaluator", "coordinator"),
        ("social_worker", "evaluator"),
        ("secretary", "coordinator"),
        ("administrator", "social_worker"),
        ("staff_manager", "civil_affairs"),
        ("window", "staff_manager"),
    ],
)
def test_nobody_is_given_a_duty_that_clashes_with_another(one, other):
    body = Organization.objects.get(code="minzheng")
    place = {"place": factories.town()}
    where = {"organization": body}
    user = factories.PersonOf(
        role=one, **{f"role__{k}": v for k, v in (place if one == "window" else where).items()}
    )
    given = place if other == "window" else where
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=other, **given)
    ended = moments.today() - timedelta(days=1)
    Membership.objects.filter(user=user).update(valid_from=ended - timedelta(30), valid_to=ended)
    assert Membership.objects.create(user=user, role=other, **given).pk


@pytest.mark.parametrize("cause", ["failed_twice", "failed_recheck", "veto"])
def test_a_person_does_not_name_a_result_that_no_round_has_published(cause, client_of):
    provider = factories.AccreditedProvider()
    with pytest.raises(Invalid):
        exiting.propose(by=factories.actor("minzheng"), provider=provider, cause=cause, reasons="听说")
    sent = {"provider": provider.pk, "cause": cause, "reasons": "听说", "key": "k"}
    assert client_of("minzheng").post("/exits/new/propose/", sent).status_code == 422
