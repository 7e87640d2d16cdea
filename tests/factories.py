"""Objects for tests, made the way the product makes them: through the actions.

``AcceptedReferral(need__kind="care")`` is a referral that a window sent and a
provider accepted, on its own contract line, with journal, clocks and quota.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from stdnum.cn import uscc

from catalog.editions import publishing
from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.item_form import ItemForm, as_given
from catalog.items.models import Item
from catalog.offers import applying
from catalog.offers.models import Offer
from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine
from contracts.contracts import running, signing
from contracts.contracts.models import Contract
from contracts.invoices import invoicing, sampling
from contracts.invoices.models import Invoice
from demo.starter import scores
from demo.starter.cases import id_number
from demo.starter.places_and_people import actor, household_account
from evaluations.schemes.models import Scheme
from foundation import moments
from foundation.roles import Actor, Role
from foundation.rules import changing, reading
from foundation.rules.models import RuleVersion
from households.register.models import Household, HouseholdAccount
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.providers import accreditation
from organizations.providers.models import Provider
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import drawing

TOWN = "澄江街道"
CONSENT = ["contact_name", "contact_phone", "contact_address"]

_serial = itertools.count(1)


def new_id_number(birth: str = "1958-04-05", sex: str = "F") -> str:
    """An identity number that nobody has had before in this process."""
    number = next(_serial)
    day = f"{birth[:4]}-{number // 490 % 12 + 1:02d}-{number // 5880 % 28 + 1:02d}"
    return id_number(day, sex, number % 490)


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
        provider = accreditation.check_documents(provider, by=first)
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


def rule(key: str, **changed: Any) -> RuleVersion:
    """A rule with some values changed, in force under four eyes."""
    value = {**reading.current(key).value, **changed}
    version = changing.propose(by=actor("minzheng"), rule=key, value=value, note="试行")
    return changing.approve(version, by=actor("minzheng2"))


class DraftEdition(factory.django.DjangoModelFactory):
    """A draft with the items in force, some of them changed (values by code) or removed."""

    class Meta:
        model = Edition

    title = factory.Sequence(lambda n: f"测试目录{n}")
    change = factory.LazyFunction(dict)
    remove = ()

    @classmethod
    def _create(
        cls, model: Any, *args: Any, title: str, change: dict[str, Any], remove: Any, **kwargs: Any
    ) -> Any:
        officer = actor("minzheng")
        edition = publishing.draft(by=officer, title=title)
        for item in edition.items.select_related("body").filter(code__in=change):
            form = ItemForm(as_given(item, 20) | change[item.code], obj=item)
            assert form.is_valid(), form.errors
            editing.change(item, by=officer, **form.given())
        for item in edition.items.filter(code__in=remove):
            editing.remove(item, by=officer)
        return edition


class SubmittedEdition(DraftEdition):
    """An edition that waits for its second person."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        edition = super()._create(model, *args, **kwargs)
        edition = publishing.open_consultation(edition, by=actor("minzheng"))
        return publishing.submit(edition, by=actor("minzheng"))


class ScheduledEdition(SubmittedEdition):
    """An edition published for a day (today if none is given)."""

    in_force_from = factory.LazyFunction(moments.today)

    @classmethod
    def _create(cls, model: Any, *args: Any, in_force_from: Any, **kwargs: Any) -> Any:
        edition = super()._create(model, *args, **kwargs)
        number = next(_serial)
        return publishing.approve(
            edition,
            by=actor("minzheng2"),
            document_number=f"测民发〔2026〕{number}号",
            index_number=f"test/{number}",
            in_force_from=in_force_from,
        )


class PublishedEdition(ScheduledEdition):
    """An edition in force from today."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        edition = super()._create(model, *args, **kwargs)
        publishing.bring_into_force()
        return Edition.objects.get(pk=edition.pk)


class AcceptedOffer(factory.django.DjangoModelFactory):
    """An offer that civil affairs has accepted."""

    class Meta:
        model = Offer

    provider = factory.SubFactory(AccreditedProvider)
    code = "B01.01"
    places = 5
    weekly = 10
    price = Decimal("40")

    @classmethod
    def _create(cls, model: Any, *args: Any, provider: Provider, code: str, **kwargs: Any) -> Any:
        item = Item.objects.in_force().get(code=code)
        offer = applying.apply(by=member_of(provider), item=item, staff="持证 3 人", **kwargs)
        return applying.accept(offer, by=actor("minzheng"))


def checked(invoice: Invoice) -> Invoice:
    """Every sampled visit of an invoice is found as it was claimed."""
    for sample in invoice.samples.select_related("delivery"):
        units = sample.delivery.units
        invoice = sampling.check(
            invoice,
            by=actor("minzheng"),
            sample=sample,
            finding="confirmed",
            found=units,
            how="call",
            note="",
        )
    return invoice


def paid(invoice: Invoice) -> Invoice:
    """Checked and accepted, endorsed by a second person, and paid by finance."""
    invoice = invoicing.accept_work(checked(invoice), by=actor("minzheng"))
    invoice = invoicing.endorse(invoice, by=actor("minzheng2"))
    return invoicing.approve(invoice, by=actor("caizheng"))


class Budget(factory.django.DjangoModelFactory):
    """A budget line of this year."""

    class Meta:
        model = BudgetLine

    year = factory.LazyFunction(lambda: moments.today().year)
    source = factory.Sequence(lambda n: f"测试资金{n}")
    body = factory.LazyFunction(lambda: Organization.objects.get(code="minzheng"))
    amount = Decimal("100000")

    @classmethod
    def _create(cls, model: Any, *args: Any, amount: Decimal, **kwargs: Any) -> Any:
        line = super()._create(model, *args, **kwargs)
        ledger.transfer(line.pk, amount, Account.GRANTED, Account.AVAILABLE, note="下达")
        line.refresh_from_db()
        return line


#: Numbers of the purchases that the contracts of tests came of.
PURCHASES = itertools.count(1)


class DraftContract(factory.django.DjangoModelFactory):
    """A contract in draft as an award made it, its money reserved; ``more`` are further lines."""

    class Meta:
        model = Contract

    provider = factory.SubFactory(AccreditedProvider)
    budget_line = factory.SubFactory(Budget)
    code = "B01.01"
    quota = 100
    unit_price = Decimal("40")

    @classmethod
    def _create(cls, model: Any, *args: Any, code: str, **kwargs: Any) -> Any:
        today, item = moments.today(), Item.objects.in_force().get(code=code)
        lines = [(item, kwargs.pop("unit_price"), kwargs.pop("quota")), *kwargs.pop("more", ())]
        award = signing.Award(purchase=f"XM-{next(PURCHASES)}", lines=lines)
        days = {"start_on": today, "end_on": today + timedelta(days=300)}
        return signing.draft_awarded(
            by=actor("minzheng").as_system(),
            title="测试合同",
            method="framework",
            award=award,
            **(days | kwargs),
        )


class DirectContract(DraftContract):
    """A draft without a purchase, by commission."""

    code = "C02.03"

    @classmethod
    def _create(cls, model: Any, *args: Any, code: str, **kwargs: Any) -> Any:
        today = moments.today()
        days = {"start_on": today, "end_on": today + timedelta(days=300)}
        return signing.draft(
            by=actor("minzheng"),
            title="测试合同",
            method="commission",
            item=Item.objects.in_force().get(code=code),
            **(days | kwargs),
        )


def signed(contract: Contract) -> Contract:
    """Signed by both sides, and in force. Its text is a blank page: see ``tests.drawing``."""
    second, other = actor("minzheng2"), member_of(contract.provider)
    with drawing.lightly():
        contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
        signing.sign_as_provider(contract, by=other, typed=other.name)
    running.follow_the_days()
    return Contract.objects.get(pk=contract.pk)


class ContractInForce(DraftContract):
    """A contract signed by both sides and in force, with one line."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        return signed(super()._create(model, *args, **kwargs))


def scheme_in_use() -> Scheme:
    """The scheme that evaluations go by: the starter's, adopted now where there is none."""
    scores.scheme()
    return Scheme.objects.get(status="in_use")


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
        return intake.accept_application(by=window_of(place.town), place=place, needs=[kind], **fields)


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


def account_of(household: Any) -> Actor:
    """An account with which a household looks at its own case."""
    user = PersonOf(role=Role.HOUSEHOLD)
    HouseholdAccount.objects.create(household=household, user=user)
    return user.memberships.get().actor()
