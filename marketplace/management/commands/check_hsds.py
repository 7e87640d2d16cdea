"""Checks every answer of the directory against the schemas of HSDS 3.0."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from catalog.hsds import checking


class Command(BaseCommand):
    help = "Fetches every address of /hsds/ and every thing in it, and checks the answers."

    def handle(self, *args: Any, **options: Any) -> None:
        client = Client(SERVER_NAME="127.0.0.1")

        def fetch(address: str) -> tuple[int, Any]:
            answer = client.get(address)
            return answer.status_code, json.loads(answer.content)

        wrong = 0
        for result in checking.check(fetch):
            verdict = "valid" if not result.faults else f"{len(result.faults)} faults"
            self.stdout.write(f"{result.address:<58}{result.things:>7}  {verdict}")
            for fault in result.faults[:5]:
                self.stdout.write(f"    {fault}")
            wrong += len(result.faults)
        if wrong:
            raise CommandError(f"{wrong} faults against HSDS 3.0")
