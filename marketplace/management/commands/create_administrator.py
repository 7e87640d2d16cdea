"""Creates the first account of a city: its administrator, with a typed password, who lets everybody else in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from foundation.forms.typed import folded
from foundation.journal import writing
from foundation.roles import SYSTEM, Role
from foundation.work_items import rebuilding
from organizations.bodies.models import Organization, OrganizationKind
from organizations.people.acts import CREATE_ADMINISTRATOR
from organizations.people.models import Membership, User


class Command(BaseCommand):
    help = "Makes an account of an administrator of the city, and the body where there is none yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username")
        parser.add_argument("--full-name")
        parser.add_argument("--body", default="minzheng", help="code of the body (minzheng)")
        parser.add_argument("--body-name", default="民政局", help="its name, where it is new")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username = folded(options["username"] or input("User name: "))
        full_name = (options["full_name"] or input("Name of the person: ")).strip()
        if not username or not full_name:
            raise CommandError("User name and name of the person are needed.")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a “{username}” already.")
        user = User(username=username, full_name=full_name)
        password = _password(from_input=options["password_stdin"])
        try:
            user.clean_fields(exclude=["password"])
            validate_password(password, user)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        user.set_password(password)
        with transaction.atomic():
            user.save()
            body, _new = Organization.objects.get_or_create(
                code=options["body"],
                defaults={"kind": OrganizationKind.BODY, "name": options["body_name"], "may_buy": True},
            )
            membership = Membership.objects.create(user=user, role=Role.ADMINISTRATOR, organization=body)
            writing.write(
                "organizations.Membership",
                membership,
                CREATE_ADMINISTRATOR,
                SYSTEM,
                after={"username": username, "role": Role.ADMINISTRATOR, "body": body.code},
            )
        # Steps that were closed for want of a second pair of eyes are open now. Not in the transaction above, which
        # would keep everything locked that waits: each part is made anew in one of its own.
        rebuilding.follow_the_day()
        self.stdout.write(f"{full_name} ({username}) may sign in as {membership}.")


def _password(*, from_input: bool) -> str:
    """The password, from standard input or typed twice; raises ``CommandError`` if the two differ."""
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password (at least 10 characters): ")
    if getpass("The same again: ") != password:
        raise CommandError("The two are not the same.")
    return password
