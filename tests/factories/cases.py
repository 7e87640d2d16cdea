"""Households with their matters, needs and referrals in each state."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import factory

from demo.starter.cases import id_number
from demo.starter.places_and_people import household_account
from foundation import moments
from foundation.roles import Actor, Role
from households.register import accounts
from households.register.models import Household
from organizations.people.models import Membership
from organizations.places.models import Place
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.service import delivery
from tests.factories.contracting import ContractInForce
from tests.factories.editions import AcceptedOffer
from tests.factories.people import AccreditedProvider, member_of, window_of

_serial = itertools.count(1)


def new_id_number(birth: str = "1958-04-05", sex: str = "F") -> str:
    """An identity number that nobody has had before in this process."""
    number = next(_serial)
    day = f"{birth[:4]}-{number // 490 % 12 + 1:02d}-{number // 5880 % 28 + 1:02d}"
    return id_number(day, sex, number % 490)


def household_of(username: str = "jiating") -> Household:
    """A new household, with a person who signs in for it."""
    household = AcceptedMatter().household
    household_account(username, household)
    return household


class AcceptedMatter(factory.django.DjangoModelFactory):
    """A new household's application, accepted at its window, with one need."""

    class Meta:
        model = Matter

    kind = "care"
    place = factory.LazyFunction(lambda: Place.objects.get(name="虹桥社区"))
    consent = True
    urgent = False

    @classmethod
    def _create(cls, model: Any, *args: Any, kind: str, place: Place, **kwargs: Any) -> Any:
        by = kwargs.pop("by", None) or window_of(place.town)
        fields = {
            "name": "王小明",
            "id_number": new_id_number(),
            "category": "minimum_living",
            "size": 2,
            "monthly_income": Decimal("880"),
            "phone": "13800000000",
            "address": "示例路 1 号",
            "story": "老伴卧床",
            **kwargs,
        }
        return intake.accept_application(by=by, place=place, needs=[kind], **fields)


class OpenNeed(factory.django.DjangoModelFactory):
    """A need that waits at the window."""

    class Meta:
        model = Need

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        return AcceptedMatter(**kwargs).needs.get()


class OfferedReferral(factory.django.DjangoModelFactory):
    """A referral sent to a provider that holds a contract with quota and places."""

    class Meta:
        model = Referral

    units = 4
    places = 5
    quota = 100

    @classmethod
    def _create(cls, model: Any, *args: Any, units: int, places: int, quota: int, **kwargs: Any) -> Any:
        offer = kwargs.pop("offer", None)
        if offer is None:
            provider = AccreditedProvider()
            offer = AcceptedOffer(provider=provider, places=places)
            ContractInForce(provider=provider, quota=quota)
        need = kwargs.pop("need", None) or OpenNeed(**kwargs)
        return offering.send(
            need,
            by=window_of(need.matter.town),
            offer_id=offer.pk,
            ask=Ask(units=units, goal="在家有人照应"),
            choice_reason="家庭选择了这家机构。",
        )


class AcceptedReferral(OfferedReferral):
    """A referral that the provider has accepted and given to its social worker."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        referral = super()._create(model, *args, **kwargs)
        worker = Membership.objects.get(organization=referral.provider.organization, role=Role.SOCIAL_WORKER)
        return offering.accept(referral, by=member_of(referral.provider), worker=worker)


class ReferralInService(AcceptedReferral):
    """A referral with a plan and one visit."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        referral = super()._create(model, *args, **kwargs)
        worker = member_of(referral.provider, Role.SOCIAL_WORKER)
        referral = delivery.plan(referral, by=worker, plan_text="每周一次")
        return delivery.record_visit(
            referral, by=worker, on=moments.today(), units=1, note="平稳", confirmed=True
        )


class TransferredNeed(OpenNeed):
    """A need that the window has transferred to the responsible body."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        need = super()._create(model, *args, **{"kind": "medical", **kwargs})
        route = triage.propose(need.kind)
        return triage.transfer(need, by=window_of(need.matter.town), body=route.body)


def account_of(household: Household) -> Actor:
    """An account with which a household looks at its own case."""
    return accounts.account_of(household).memberships.get().actor()


def worker_of(referral: Referral) -> Actor:
    """The social worker of a referral's provider."""
    return member_of(referral.provider, Role.SOCIAL_WORKER)


def coordinator_of(referral: Referral) -> Actor:
    """The coordinator of a referral's provider."""
    return member_of(referral.provider)
