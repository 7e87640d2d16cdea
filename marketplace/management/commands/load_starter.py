"""Load the starter data once; say what was made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from marketplace import starting
from marketplace.starter import (
    bought,
    cases,
    donations,
    editions,
    ground,
    market,
    past,
    purchases,
    scores,
    stories,
)
from referrals import publishing

#: Everybody's password in the demonstration; never set for an account that exists.
DEMO_PASSWORD = "liandong-2026"  # noqa: S105  printed on purpose, for the demonstration only


class Command(BaseCommand):
    help = "Loads the starter data; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if why := starting.refusal_of_invented_data():
            raise CommandError(why)
        with transaction.atomic():
            made: dict[str, int] = {"places": ground.places(), "organizations": ground.bodies()}
            first = ground.people(DEMO_PASSWORD)
            made["editions"] = editions.load()
            made["providers"] = market.providers()
            made["people"] = first + ground.people(DEMO_PASSWORD)
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
        for name, count in made.items():
            self.stdout.write(f"  {name:<24}{count:>6}")
