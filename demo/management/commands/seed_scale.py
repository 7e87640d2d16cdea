"""Fill the database with the invented data of a whole city."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import deque
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from catalog.editions import counting
from catalog.editions.models import Edition
from catalog.items.kinds import Funding, ServiceKind
from catalog.items.models import Item
from catalog.offers.models import Offer
from contracts.budgets.models import BudgetLine, Earmark, LedgerEntry
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices.models import Delivery, Invoice
from demo.scale import copying, journal, numbers, people, planning, supply, waiting
from demo.scale.city import CLOCK, City, Keys
from demo.scale.planning import Plan, Service, Spot
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from households.consents.models import Consent
from households.help_received.models import HelpReceived
from households.register.models import Household, HouseholdMember, Person
from marketplace.server import starting
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.places.models import Place, PlaceKind
from organizations.providers.models import Provider
from referrals.answers.models import Satisfaction
from referrals.matching import pace
from referrals.matters.models import Matter
from referrals.needs import missing
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.service.models import Visit


class Command(BaseCommand):
    help = "Adds invented households, providers and referrals; the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--households", type=int, default=100_000)
        parser.add_argument("--providers", type=int, default=500)
        parser.add_argument("--referrals", type=int, default=300_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--quiet", action="store_true", help="no progress bars")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("households", "providers", "referrals"):
            if options[name] < (1 if name == "providers" else 0):
                raise CommandError(f"--{name} is too small: {options[name]}")
        if why := starting.refusal_of_invented_data():
            raise CommandError(why)
        if not Edition.objects.in_force().exists():
            call_command("load_starter", stdout=self.stdout)
        self._need_superuser()
        began = time.monotonic()
        with transaction.atomic():
            try:
                plan = _draw(options)
            except numbers.Exhausted as fault:
                raise CommandError(str(fault)) from fault
            _write(plan, quiet=options["quiet"])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        _count_again()
        made = {
            "households": len(plan.homes),
            "providers": len(plan.firms),
            "offers": len(plan.lines),
            "referrals": len(plan.trips),
        }
        for name, count in made.items():
            self.stdout.write(f"  {name:<24}{count:>9,}")
        self.stdout.write(f"  {time.monotonic() - began:.0f} s")

    def _need_superuser(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                raise CommandError(
                    "seed_scale writes past the triggers and needs a superuser of the database."
                )


def _count_again() -> None:
    """Make and count for the city what pages only read: further work items, gaps in help, pace, effects."""
    for lifecycle in LIFECYCLES.values():
        if lifecycle not in waiting.COPIED:
            deque(rebuilding.rebuild_those_of(lifecycle), maxlen=0)
    missing.look_again()
    pace.count_again()
    for edition in Edition.objects.filter(status__in=counting.LOOKED_AT):
        counting.count_now(edition)


def _draw(options: dict[str, Any]) -> Plan:
    items = Item.objects.in_force().filter(kind=ServiceKind.DIRECT, funding=Funding.PURCHASED)
    windows = dict(Organization.objects.filter(kind="window").values_list("place_id", "id"))
    villages = Place.objects.filter(kind=PlaceKind.VILLAGE).order_by("id")
    return planning.draw(
        seed=options["seed"],
        now=moments.now(),
        households=options["households"],
        providers=options["providers"],
        referrals=options["referrals"],
        services=[Service(i.pk, i.code, i.name, i.need_kind, i.price_low, i.price_high) for i in items],
        spots=[Spot(v.pk, v.parent_id, windows[v.parent_id]) for v in villages if v.parent_id is not None],
        taken=set(Person.objects.values_list("id_number_hash", flat=True).iterator()),
    )


def _keys(plan: Plan, year: int) -> Keys:
    firms, lines = len(plan.firms), len(plan.lines)
    homes, trips = len(plan.homes), len(plan.trips)
    first, number = copying.first_key, copying.first_number
    return Keys(
        organization=first(Organization, firms),
        provider=first(Provider, firms),
        user=first(User, firms * 2),
        offer=first(Offer, lines),
        contract=first(Contract, firms),
        line=first(ContractLine, lines),
        invoice=first(Invoice, firms),
        household=first(Household, homes),
        person=first(Person, homes),
        consent=first(Consent, homes),
        matter=first(Matter, trips),
        need=first(Need, trips),
        referral=first(Referral, trips),
        contract_number=number("HT", year, firms),
        invoice_number=number("JS", year, firms),
        household_number=number("JT", year, homes),
        matter_number=number("SL", year, trips),
        referral_number=number("ZJ", year, trips),
    )


def _write(plan: Plan, *, quiet: bool) -> None:
    now = moments.now()
    buyer = Organization.objects.get(code="minzheng")
    budget = BudgetLine.objects.create(
        year=moments.today().year, source=f"规模数据 {now:%m%d%H%M%S.%f}", body=buyer
    )
    city = City(
        plan=plan,
        key=_keys(plan, moments.today().year),
        now=now,
        buyer_id=buyer.pk,
        edition_id=Edition.objects.in_force().get().pk,
        budget_line_id=budget.pk,
    )
    total, spent = sum(city.amounts, Decimal("0")), sum(city.paid, Decimal("0"))
    BudgetLine.objects.filter(pk=budget.pk).update(amount=total, committed=total - spent, spent=spent)
    city.look_up_deadlines()
    tables = _tables(city)
    filled = {model._meta.db_table for model, *_ in tables} | {Entry._meta.db_table}
    with copying.without_triggers(), copying.without_indexes(filled, quiet=quiet):
        for model, columns, rows, count in tables:
            copying.copy(model, tuple(columns.split()), rows, count, quiet=quiet)
        journal.write(city)
    with copying.without_indexes({WorkItem._meta.db_table}, quiet=quiet):
        waiting.write(city, quiet=quiet)


#: A model, the columns that are copied, their rows, and how many there are.
Table = tuple[Any, str, Any, int]


def _tables(city: City) -> list[Table]:
    """The tables of a city in the order in which they refer to one another."""
    return [*_organizations(city), *_money(city), *_households(city), *_cases(city), _clocks(city)]


def _organizations(city: City) -> list[Table]:
    """Organizations with their people, and where they serve."""
    plan = city.plan
    firms = len(plan.firms)
    return [
        (
            Organization,
            "id kind code name name_en credit_code place_id phone address may_buy may_supply",
            supply.organizations(city),
            firms,
        ),
        (
            Provider,
            "id created_at organization_id nature accredited_until standing_reason last_score "
            "last_grade match_bonus status",
            supply.providers(city),
            firms,
        ),
        (
            Provider.serves.through,
            "provider_id place_id",
            supply.serves(city),
            sum(len(f.towns) for f in plan.firms),
        ),
        (
            User,
            "id password is_superuser username email is_staff is_active date_joined full_name",
            supply.users(city),
            firms * 2,
        ),
        (Membership, "user_id role organization_id valid_from", supply.memberships(city), firms * 2),
    ]


def _money(city: City) -> list[Table]:
    """What providers offer, their contracts, and the money in them."""
    plan = city.plan
    firms = len(plan.firms)
    lines = len(plan.lines)
    return [
        (
            Offer,
            "id created_at item_id provider_id places taken places_at weekly booked price staff "
            "weekdays opens_at closes_at changed_at status",
            supply.offers(city),
            lines,
        ),
        (
            Contract,
            "id created_at number title buyer_id provider_id edition_id budget_line_id method "
            "start_on end_on amount signed_amount spent payment_share status",
            supply.contracts(city),
            firms,
        ),
        (
            ContractLine,
            "id contract_id item_id unit_price quota reserved used",
            supply.contract_lines(city),
            lines,
        ),
        (LedgerEntry, "at line_id credit debit amount contract_id note", supply.ledger(city), firms * 3 + 1),
        (Earmark, "contract_id line_id reserved committed spent", supply.earmarks(city), firms),
        (
            Invoice,
            "id created_at number contract_id amount payment_share payable status",
            supply.invoices(city),
            firms,
        ),
    ]


def _households(city: City) -> list[Table]:
    """Households with their people."""
    plan = city.plan
    homes = len(plan.homes)
    return [
        (
            Household,
            "id number place_id town_id category size monthly_income address address_hash phone created_at",
            people.households(city),
            homes,
        ),
        (Person, "id name id_number id_number_hash birth_date sex", people.people(city), homes),
        (HouseholdMember, "household_id person_id relation valid_from", people.members(city), homes),
        (Consent, "id household_id purpose receiver scope form given_at", people.consents(city), homes),
    ]


def _cases(city: City) -> list[Table]:
    """Matters, needs, referrals, and what was done."""
    plan = city.plan
    trips = len(plan.trips)
    finished = sum(trip.completed for trip in plan.trips)
    return [
        (
            Matter,
            "id created_at number household_id town_id window_id channel story urgent "
            "papers_missing first_asked_id first_asked_name status",
            city.matters(),
            trips,
        ),
        (
            Need,
            "id created_at matter_id town_id kind text urgent conference_asked result granted refusal "
            "finished_at status",
            city.needs(),
            trips,
        ),
        (
            Referral,
            "id created_at number need_id offer_id provider_id line_id town_id size urgent case_mix ended_by units "
            "weekly used goal consent_id choice worker_id plan_text outcome goal_level contact_name contact_phone "
            "offered_at answered_at first_visit_at finished_at status",
            city.referrals(),
            trips,
        ),
        (
            Visit,
            "referral_id on units note confirmed confirmation worker_id worker_name recorded_at",
            city.visits(),
            city.served_count,
        ),
        (
            Delivery,
            "line_id holder units unit_price delivered_on invoice_id",
            city.deliveries(),
            city.served_count,
        ),
        (
            HelpReceived,
            "household_id source giver_id what item_code need_kind units amount given_on",
            people.help_received(city),
            finished,
        ),
        (Satisfaction, "need_id score words channel at", city.ratings(), finished * 2 // 3),
    ]


def _clocks(city: City) -> Table:
    """The clocks that run, and those that were stopped."""
    return (Clock, CLOCK, city.clocks(), len(city.plan.trips))
