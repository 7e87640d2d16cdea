"""Checking names and passwords, with the limits of ``tries``, for pages and API."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from organizations.factors.models import Factor
from organizations.people.models import User
from organizations.signing_in import devices, tries


def person_of(request: HttpRequest, username: str, password: str) -> User | None:
    """The person with this name and password, None if they are wrong; raises ``TooMany``."""
    return _counted(request, username, lambda: authenticate(request, username=username, password=password))


def is_password_of(request: HttpRequest, user: User, password: str) -> bool:
    """Whether it is the password of this signed-in person; raises ``TooMany``."""
    right = _counted(request, user.get_username(), lambda: user if user.check_password(password) else None)
    return right is not None


def require_owner(request: HttpRequest, user: User, password: str) -> None:
    """Raise ``Invalid`` at ``password`` for another than that of this signed-in person; ``TooMany`` after too many."""
    if not is_password_of(request, user, password):
        message = _("密码不对。")
        raise Invalid(message, fields={"password": message})


def _counted(request: HttpRequest, username: str, check: Callable[[], User | None]) -> User | None:
    """The result of ``check``, counted as a try unless it succeeds; raises ``TooMany``."""
    device = devices.known(request, username)
    proves = Factor.objects.filter(user__username__iexact=username).exists()
    counts = tries.counts_of(username, request.META.get("REMOTE_ADDR", ""), device, proves=proves)
    tries.take(counts)
    found = check()
    if found is not None:
        tries.give_back(counts)
    return found


def begin_anew(request: HttpRequest, person: User) -> None:
    """Let the person of this browser sign in with a password that was set anew, whatever was tried with the former one."""
    username = person.get_username()
    tries.begin_anew(username, request.META.get("REMOTE_ADDR", ""), devices.known(request, username))
