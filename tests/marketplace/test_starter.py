"""The starter data: whole, valid in form, loaded once; and a city's worth for benches."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from stdnum.cn import uscc

from catalog.items.models import Item
from catalog.offers.models import Offer
from contracts.budgets.models import BudgetLine
from contracts.contracts.models import Contract, ContractLine
from demo.scale import copying
from demo.starter.files import read_csv, read_yaml
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.forms.fields import IdNumberField
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from foundation.moments import SHANGHAI
from foundation.roles import PEOPLE, Role
from households.register.models import Household, Person
from marketplace.workbench import waiting
from organizations.bodies.models import Organization
from organizations.people.models import Membership
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from referrals.matching import ranking
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.service.models import Visit
from tests import factories

pytestmark = pytest.mark.story


def test_the_17_bodies_of_the_opinion_are_there_with_duties():
    assert (
        Responsibility.objects.filter(basis="澄政发〔2018〕121号").values("organization").distinct().count()
        >= 17
    )
    assert Organization.objects.filter(kind="body").count() >= 17


def test_all_towns_streets_and_zones_are_there_and_a_place_has_one_home():
    count = dict(Place.objects.values_list("kind").annotate(Count("id")))
    assert (count["town"], count["street"], count["zone"]) == (10, 7, 2)
    assert not Place.objects.filter(kind="village").exclude(parent__kind__in=["town", "street"])
    zone = Place.objects.get(name="临港经济开发区")
    assert set(zone.managed.values_list("name", flat=True)) == {"夏港街道", "申港街道", "利港街道", "璜土镇"}


def test_the_whole_catalog_is_there_with_prices_units_and_standards():
    items = {item.code: item for item in Item.objects.in_force()}
    assert len(items) == 38
    for row in read_csv("catalog.csv"):
        if "." not in row["代码"]:
            continue
        item = items[row["代码"]]
        ceiling = Decimal(row["指导价上限"]) * Decimal("1.2")
        assert item.price_ceiling == ceiling.quantize(Decimal("0.01"))
        assert item.unit
        assert item.name_en
        assert item.description
        assert item.description_en
        assert all(standard["measure"] and standard["text_en"] for standard in item.standards), item
        assert item.standards
        assert bool(item.methods) == (item.funding == "purchased")
    assert {i.funding for c, i in items.items() if c.startswith("E01")} <= {"charity_project", "relief_fund"}


def test_every_provider_has_a_valid_credit_code():
    codes = Provider.objects.values_list("organization__credit_code", flat=True)
    assert len(codes) >= 12
    assert all(uscc.is_valid(code) for code in codes)


def test_three_dozen_households_have_identity_numbers_valid_in_form():
    assert Household.objects.count() >= 36
    for person in Person.objects.exclude(id_number=None)[:40]:
        assert IdNumberField().clean(person.id_number.plain())


def test_there_is_a_user_in_every_role():
    assert set(Membership.objects.values_list("role", flat=True)) == set(PEOPLE)


def test_there_are_matters_needs_and_referrals_in_every_state_that_lasts():
    passing = {
        "referrals.Referral": {"draft", "withdrawn"},
        "referrals.Need": {"referred"} - {"referred"},
        "referrals.Matter": set(),
        "procurement.Project": set(),
        "procurement.Bid": {"withdrawn", "rejected"},
        "procurement.PanelSeat": {"excused"},
        "procurement.Objection": {"dismissed", "upheld", "complained", "rejected", "granted"},
        "procurement.Question": set(),
        "procurement.KeyHolder": {"named", "turned"},
        "contracts.Contract": {"signed", "suspended", "dropped", "terminated", "completed", "settled"},
    }
    passing |= {
        "evaluations.Scheme": {"superseded"},
        "evaluations.Round": {
            "planned",
            "reporting",
            "moderation",
            "appeals_over",
            "noticed",
            "notice_over",
            "cancelled",
        },
        "evaluations.Assessment": {"listed", "asked", "reported", "dropped"},
        "evaluations.ScoreSheet": {"excused", "void", "replacing", "voiding"},
        "evaluations.Exit": {"noticed", "heard", "handing_over", "settling", "ended", "dropped", "revoked"},
    }
    for label, absent in passing.items():
        lifecycle = LIFECYCLES[label]
        found = set(lifecycle.model._default_manager.values_list("status", flat=True))
        assert set(lifecycle.states.values) - found <= absent, label


def test_loading_again_makes_nothing_and_changes_nothing():
    def picture() -> tuple:
        return (
            Entry.objects.count(),
            Clock.objects.count(),
            Matter.objects.count(),
            list(Offer.objects.order_by("id").values_list("places_at", "taken")),
            list(BudgetLine.objects.order_by("id").values_list("available", "spent")),
        )

    before, said = picture(), StringIO()
    call_command("load_starter", stdout=said)
    assert picture() == before
    assert {line.split()[-1] for line in said.getvalue().splitlines()} == {"0"}


@pytest.mark.tampers
def test_the_loader_says_what_it_made(own_database):
    said = StringIO()
    with transaction.atomic(), copying.without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM foundation_ruleversion")
    call_command("load_starter", stdout=said)
    assert "rule changes                 2" in said.getvalue()


# --- scale ------------------------------------------------------------------------------


@pytest.fixture
def scaled(own_database):
    said = StringIO()
    call_command("seed_scale", households=400, providers=20, referrals=1500, seed=7, quiet=True, stdout=said)
    return said.getvalue()


def test_scale_data_keep_every_rule_that_the_database_and_the_product_hold(scaled, who):
    assert "households                    400" in scaled
    assert Referral.objects.filter(number__isnull=False).count() >= 1500
    # what is held agrees with what holds it
    for line in ContractLine.objects.annotate(n=Count("referrals")).filter(n__gt=0):
        live = line.referrals.filter(status__in=["accepted", "planned", "in_service"])
        held = live.aggregate(units=Sum(F("units") - F("used")))["units"] or 0
        assert line.reserved == held, line
        used = Visit.objects.filter(referral__line=line).aggregate(n=Sum("units"))["n"] or 0
        assert line.used == used == (line.deliveries.aggregate(n=Sum("units"))["n"] or 0)
    for offer in Offer.objects.filter(status="accepted"):
        live = offer.referrals.filter(status__in=["accepted", "planned", "in_service"]).count()
        assert offer.taken == live, offer
    for contract in Contract.objects.exclude(lines=None):
        total = sum((line.amount for line in contract.lines.all()), Decimal("0"))
        assert contract.amount == total, contract
        paid = contract.invoices.filter(status="paid").aggregate(n=Sum("payable"))["n"] or 0
        assert contract.spent == paid
    for budget in BudgetLine.objects.all():
        spent = budget.entries.filter(debit="spent").aggregate(n=Sum("amount"))["n"] or 0
        assert budget.spent == spent
    # no foreign key points into the void
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, column, target in (
            ("referrals_referral", "need_id", "referrals_need"),
            ("referrals_referral", "consent_id", "households_consent"),
            ("referrals_need", "matter_id", "referrals_matter"),
            ("referrals_matter", "household_id", "households_household"),
            ("contracts_delivery", "invoice_id", "contracts_invoice"),
            ("contracts_contractline", "contract_id", "contracts_contract"),
            ("organizations_provider_serves", "place_id", "organizations_place"),
        ):
            cursor.execute(
                f"SELECT count(*) FROM {table} a LEFT JOIN {target} b ON b.id = a.{column} "
                f"WHERE a.{column} IS NOT NULL AND b.id IS NULL"
            )
            assert cursor.fetchone() == (0,), (table, column)
    # and the product works on it
    assert ranking.rank(factories.OpenNeed(kind="care")).candidates
    window = who("chuangkou")
    assert waiting.open_for(window).mine
    referral = Referral.objects.filter(status="in_service").first()
    assert referral.contact_name.plain()
    assert Entry.objects.filter(lifecycle="referrals.Referral", object_id=referral.pk).count() == 5


def test_the_same_seed_gives_the_same_city(own_database):
    from datetime import UTC, datetime

    from demo.scale import planning

    given = {
        "now": datetime(2026, 3, 2, tzinfo=UTC),
        "households": 50,
        "providers": 5,
        "referrals": 200,
        "services": [planning.Service(1, "B01.01", "x", "care", Decimal(30), Decimal(60))],
        "spots": [
            planning.Spot(1, 9, 5),
            planning.Spot(2, 8, 5),
            planning.Spot(3, 7, 5),
            planning.Spot(4, 6, 5),
            planning.Spot(5, 5, 5),
        ],
        "taken": frozenset(),
    }
    assert planning.draw(seed=3, **given) == planning.draw(seed=3, **given)
    assert planning.draw(seed=3, **given) != planning.draw(seed=4, **given)


def test_a_second_seeding_adds_without_clashing(scaled):
    before = Need.objects.count()
    call_command(
        "seed_scale", households=50, providers=3, referrals=90, seed=7, quiet=True, stdout=StringIO()
    )
    assert Need.objects.count() > before
    numbered = Person.objects.exclude(id_number_hash="")
    hashes = numbered.values_list("id_number_hash", flat=True)
    assert len(hashes) == len(set(hashes))


def test_scale_refuses_nonsense():
    with pytest.raises(CommandError, match="too small"):
        call_command("seed_scale", households=-1, quiet=True, stdout=StringIO())


def test_money_of_the_starter_is_where_the_contracts_say(who):
    for line in BudgetLine.objects.all():
        signed = Contract.objects.filter(budget_line=line, status="in_force")
        assert line.committed + line.spent == sum(c.amount for c in signed)
    assert read_yaml("money.yaml")["budgets"]


def test_nobody_of_the_demo_works_or_visits_at_night():
    people = Entry.objects.exclude(role=Role.SYSTEM).exclude(at__date=moments.today())
    hours = {at.astimezone(SHANGHAI).hour for at in people.values_list("at", flat=True)}
    assert hours <= set(range(8, 18))
