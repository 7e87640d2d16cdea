"""Compute published results again from the stored evidence; the exit status is non-zero on any difference."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations.rounds import recomputing
from evaluations.rounds.models import Round


class Command(BaseCommand):
    help = "Makes the results of a round (--round N) or of all (--all) again and compares them."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--round", type=int, help="the number of one round")
        which.add_argument("--all", action="store_true", help="every round with results")

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = recomputing.rounds_with_results()
        if options["round"] is not None:
            rounds = [round for round in rounds if round.pk == options["round"]]
            if not rounds:
                there = Round.objects.filter(pk=options["round"]).exists()
                why = "has no results yet" if there else "does not exist"
                raise CommandError(f"round {options['round']} {why}")
        compared = differing = 0
        for round_ in rounds:
            self.stdout.write(f"round {round_.pk} {round_.title} (formulas v{round_.formulas})")
            try:
                for value in recomputing.compare(round_):
                    compared += 1
                    differing += not value.same
                    self._say(value)
            except KeyError as missing:
                raise CommandError(f"formulas v{missing} are not in this version") from missing
        self.stdout.write(f"{len(rounds)} rounds, {compared} values compared, {differing} different")
        if differing:
            sys.exit(1)

    def _say(self, value: recomputing.Compared) -> None:
        verdict = "same" if value.same else "DIFFERENT"
        self.stdout.write(f"  {value.of:<28} {value.what:<9} {verdict:<10}{_short(value.published)}")
        if not value.same:
            self.stdout.write(f"  {'':<28} {'again':<9} {'':<10}{_short(value.made_again)}")


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} values" if value and isinstance(value[0], dict) else str(value)
    return str(value)[:64]
