"""Load the starter data once; say what was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from demo.starter import bought, cases, donations, editions, ground, market, past, purchases, scores, stories
from marketplace.server import starting
from marketplace.server.demonstration import PASSWORD as DEMO_PASSWORD
from referrals.results import publishing


class Command(BaseCommand):
    help = "Loads the starter data; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--base`` leaves the story out."""
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
    """Those who act, where, and the catalog that they act by; says how many of each are new."""
    made = {"places": ground.places(), "organizations": ground.bodies()}
    first = ground.people(DEMO_PASSWORD)
    made["editions"] = catalog()
    made["providers"] = market.providers()
    made["people"] = first + ground.people(DEMO_PASSWORD)
    return made


def _story() -> dict[str, int]:
    """A year of the city; says how many of each are new."""
    made = _base(editions.load)
    made["offers"] = market.offered()
    made["budget lines"] = market.money()
    made["contracts"] = bought.contracts(DEMO_PASSWORD)
    market.to_sign()
    made["purchases"] = purchases.purchases(DEMO_PASSWORD)
    made["donations"] = donations.pools()
    made["households and matters"] = cases.households()
    made["past cases"] = past.past_cases()
    made["a bad week"] = past.bad_week()
    made["stories"] = stories.stories()
    made["invoices"] = cases.invoices()
    made["schemes"] = scores.scheme()
    made["rounds"] = scores.evaluation_rounds()
    made["exits"] = scores.exits()
    made["rule changes"] = market.rule_change()
    made["published results"] = int(publishing.keep() is not None)
    return made
