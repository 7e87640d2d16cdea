"""People, towns and providers."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import factory
from stdnum.cn import uscc

from demo.starter.checks import all_right
from demo.starter.places_and_people import actor
from demo.starter.provider_documents import PAGE, Scan
from foundation import moments
from foundation.roles import Actor, Role
from organizations.bodies.models import Organization
from organizations.certificates import keeping
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.providers import accreditation
from organizations.providers.models import Provider

_serial = itertools.count(1)


TOWN = "澄江街道"


def new_credit_code() -> str:
    """A unified social credit code, valid in form (GB 32100)."""
    body = f"52320281MJT{next(_serial):06d}"
    return body + uscc.calc_check_digit(body)


def town(name: str = TOWN) -> Place:
    """A town or street of the starter data."""
    return Place.objects.get(name=name)


def window_of(place: Place) -> Actor:
    """A window worker of a town, made if the starter has none there."""
    organization = Organization.objects.get(code=f"window-{place.code}")
    user, _new = User.objects.get_or_create(username=f"w{place.code}", defaults={"full_name": "窗口甲"})
    membership, _new = Membership.objects.get_or_create(
        user=user, role=Role.WINDOW, organization=organization, place=place
    )
    return membership.actor()


class PersonOf(factory.django.DjangoModelFactory):
    """An account with one role at one organization."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    full_name = factory.Sequence(lambda n: f"测试{n}")

    @factory.post_generation
    def role(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if extracted:
            Membership.objects.create(user=self, role=extracted, **kwargs)


def certified(provider: Provider) -> Provider:
    """The provider with a registration certificate that does not run out, as its own people hand it in."""
    by = Actor(
        role=Role.COORDINATOR,
        organization_id=provider.organization_id,
        organization_name=provider.organization.name,
    )
    keeping.add(by=by, kind="registration", number="示 1 号", issuer="民政局", file=Scan(PAGE))
    return provider


class AccreditedProvider(factory.django.DjangoModelFactory):
    """A provider registered by one officer and accredited by another, with a coordinator
    and a social worker.
    """

    class Meta:
        model = Provider

    name = factory.Sequence(lambda n: f"测试社工中心{n}")
    towns = factory.LazyFunction(lambda: [town()])

    @classmethod
    def _create(cls, model: Any, *args: Any, name: str, towns: list[Place], **kwargs: Any) -> Any:
        first, second = actor("minzheng"), actor("minzheng2")
        provider = accreditation.register(
            by=first,
            name=name,
            credit_code=new_credit_code(),
            nature="social_work_agency",
            place=towns[0],
            serves=towns,
            **kwargs,
        )
        certified(provider)
        provider = accreditation.check_documents(provider, by=first, findings=all_right())
        until = moments.today() + timedelta(days=365)
        provider = accreditation.accredit(provider, by=second, until=until)
        for role in (Role.COORDINATOR, Role.SOCIAL_WORKER):
            PersonOf(role=role, role__organization=provider.organization)
        return provider


def member_of(provider: Provider, role: str = Role.COORDINATOR) -> Actor:
    """A provider's coordinator, or its social worker."""
    membership = Membership.objects.select_related("user", "organization", "place").filter(
        organization=provider.organization, role=role
    )[0]
    return membership.actor()


def user_of(provider: Provider) -> User:
    """The account of a provider's coordinator."""
    return User.objects.get(pk=member_of(provider).user_id)
