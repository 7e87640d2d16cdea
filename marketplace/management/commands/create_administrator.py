"""Creates an account of an administrator of the city, with a typed password, who lets everybody else in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from foundation.forms.typed import folded
from marketplace.office import first
from organizations.people.models import User


class Command(BaseCommand):
    help = "Makes an account of an administrator of the city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username")
        parser.add_argument("--full-name")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username = folded(options["username"] or _asked(input, "User name: "))
        full_name = (options["full_name"] or _asked(input, "Name of the person: ")).strip()
        if not username or not full_name:
            raise CommandError("User name and name of the person are needed.")
        if User.objects.named(username).exists():
            raise CommandError(f"There is a “{username}” already.")
        user = User(username=username, full_name=full_name)
        password = _password(from_input=options["password_stdin"])
        try:
            with translation.override("en"):  # the language of commands
                user.clean_fields(exclude=["password"])
                validate_password(password, user)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        first.another(username=username, full_name=full_name, password=password)
        self.stdout.write(
            f"{full_name} ({username}) may sign in as administrator of the city: {settings.PUBLIC_ADDRESS}/setup/"
        )


def _asked(ask: Callable[[str], str], prompt: str) -> str:
    """What somebody types; raises ``CommandError`` where nobody can be asked."""
    try:
        return ask(prompt)
    except EOFError:
        raise CommandError(
            "Nobody can be asked here. Give --username and --full-name, and the password with --password-stdin."
        ) from None


def _password(*, from_input: bool) -> str:
    """The password, from standard input or typed twice; raises ``CommandError`` if the two differ."""
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    password = _asked(getpass, "Password (at least 10 characters): ")
    if _asked(getpass, "The same again: ") != password:
        raise CommandError("The two are not the same.")
    return password
