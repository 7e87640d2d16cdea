"""Prints a login of each role of the demonstration, on a machine that nobody else reaches."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from demo.accounts import PASSWORD, accounts
from foundation.roles import PEOPLE, Role
from organizations.people.models import User


class Command(BaseCommand):
    help = "Prints a login of each role of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PUBLIC:
            return
        of_role: dict[str, tuple[str, str]] = {}
        for row in accounts():
            of_role.setdefault(row["role"], (row["username"], row["full_name"]))
        known = set(User.objects.values_list("username", flat=True))
        shown = [(role, *of_role[role]) for role in PEOPLE if role in of_role and of_role[role][0] in known]
        if not shown:
            return
        self.stdout.write(f"Demo logins, password for all: {PASSWORD}\n")
        self.stdout.write(f"  {'login':<12}{'name':<8}role")
        for role, username, name in shown:
            english = str(Role(role).value).replace("_", " ")
            self.stdout.write(f"  {username:<12}{name:<6}{Role(role).label} ({english})")
