"""Load the starter data once, and print what was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.starter import (
    awarded_contracts,
    cases,
    donations,
    editions,
    further_cases,
    past_cases,
    places_and_people,
    programs,
    providers_and_money,
    purchases,
    scores,
)
from marketplace.server import starting
from referrals.matching import pace
from referrals.needs import missing
from referrals.needs.models import MissingHelp
from referrals.results import publishing


class Command(BaseCommand):
    help = "Loads the starter data; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--base`` leaves the cases, contracts and scores out."""
        parser.add_argument(
            "--base", action="store_true", help="places, people and the edition in force; nothing happens yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if why := starting.refusal_of_invented_data():
            raise CommandError(why)
        with transaction.atomic():
            made = _base() if options["base"] else _story()
        for name, count in made.items():
            self.stdout.write(f"  {name:<24}{count:>6}")


def _base(catalog: Callable[[], int] = editions.load_one) -> dict[str, int]:
    """Places, people, providers and the catalog; returns how many of each are new."""
    made = {
        "city": places_and_people.city(),
        "places": places_and_people.places(),
        "organizations": places_and_people.bodies(),
    }
    first = places_and_people.people(DEMO_PASSWORD)
    made["editions"] = catalog()
    made["providers"] = providers_and_money.providers()
    made["people"] = first + places_and_people.people(DEMO_PASSWORD)
    made["rule changes"] = places_and_people.by_password_alone()
    return made


def _story() -> dict[str, int]:
    """A year of the city on top of the base; returns how many of each are new."""
    made = _base(editions.load)
    made["offers"] = providers_and_money.offered()
    made["budget lines"] = providers_and_money.money()
    made["contracts"] = awarded_contracts.contracts(DEMO_PASSWORD)
    providers_and_money.to_sign()
    made["purchases"] = purchases.purchases(DEMO_PASSWORD)
    made["donations"] = donations.pools()
    made["households and matters"] = cases.households()
    pace.count_again()
    made["past cases"] = past_cases.past_cases()
    pace.count_again()
    made["a bad week"] = past_cases.bad_week()
    pace.count_again()
    made["stories"] = further_cases.further_cases()
    made["invoices"] = cases.invoices()
    made["schemes"] = scores.scheme()
    made["rounds"] = scores.evaluation_rounds()
    made["exits"] = scores.exits()
    made["programs"] = programs.programs()
    made["rule changes"] += providers_and_money.rule_change()
    made["published results"] = int(publishing.keep() is not None)
    known = MissingHelp.objects.count()
    made["gaps in help"] = missing.look_again() - known
    pace.count_again()
    return made
