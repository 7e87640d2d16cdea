"""Finding people by a part of their name, and telling those of one name apart."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, SoughtListField
from foundation.refusals import Words
from foundation.wording import aside, listed
from organizations.people.models import Membership, MembershipQuerySet, User

HINT = _("输入姓名或用户名的一部分")

#: Where what people hold from today on stands, once it was fetched with them.
FROM_TODAY = "held_from_today"


def called(found: QuerySet[Any], text: str, *, path: str = "") -> QuerySet[Any]:
    """The objects of ``found`` whose person, at ``path``, has the text in the name or the user name."""
    names = (f"{path}full_name__icontains", f"{path}username__icontains")
    return found.filter(Q(**{names[0]: text}) | Q(**{names[1]: text}))


def narrowed(
    found: QuerySet[User],
    held: MembershipQuerySet,
    *,
    asked: str = "",
    role: str = "",
    organization: int | None = None,
) -> QuerySet[User]:
    """Those of the people who have the words in the name, the user name, or what they work for, and who hold a role or
    one for an organization; ``held`` is what is looked at of what they hold.
    """
    if asked:
        named = Q(organization__name__icontains=asked) | Q(place__name__icontains=asked)
        people = called(found, asked).order_by().values("pk")
        found = found.filter(Q(pk__in=people) | Q(pk__in=held.filter(named).values("user")))
    if role:
        found = found.filter(pk__in=held.filter(role=role).values("user"))
    if organization is not None:
        found = found.filter(pk__in=held.filter(organization=organization).values("user"))
    return found


def held_from_today(among: MembershipQuerySet | None = None) -> Prefetch[Any]:
    """What people hold from today on, as ``FROM_TODAY`` of each; only ``among`` these where they are given."""
    held = Membership.objects.all() if among is None else among
    queryset = held.from_today().select_related("organization", "place")
    return Prefetch("memberships", queryset=queryset, to_attr=FROM_TODAY)


def told_apart(person: User) -> str:
    """A person by name, user name and the roles from today on, for which nothing is asked where they were fetched."""
    held = getattr(person, FROM_TODAY, None)
    if held is None:
        held = person.memberships.from_today().select_related("organization", "place")
    return aside(person.full_name, listed([person.username, *held]))


def colleague_told_apart(membership: Membership) -> str:
    """Somebody in a role by name and user name."""
    return aside(membership.user.full_name, membership.user.username)


class _WithRoles:
    """People come with what they hold."""

    def found(self, text: str) -> QuerySet[User]:
        """As without roles."""
        return super().found(text).prefetch_related(held_from_today())  # type: ignore[misc]  # a mixin: the chooser beside it has it

    def picked(self, value: Any) -> QuerySet[User]:
        """As without roles."""
        return super().picked(value).prefetch_related(held_from_today())  # type: ignore[misc]  # a mixin: the chooser beside it has it


class PersonField(_WithRoles, SoughtField):
    """One of many people."""


class PeopleField(_WithRoles, SoughtListField):
    """Several of many people."""


def a_colleague(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one of the people who hold a role; the form sets which in ``prepare``."""
    seek = partial(called, path="user__")
    field = SoughtField(label=label, queryset=Membership.objects.none(), seek=seek, hint=HINT, **kwargs)
    name_choices(field, colleague_told_apart)
    return field


def somebody(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one person; the form sets among whom in ``prepare``."""
    field = PersonField(label=label, queryset=User.objects.none(), seek=called, hint=HINT, **kwargs)
    name_choices(field, told_apart)
    return field


def some_people(label: Words, **kwargs: Any) -> SoughtListField:
    """A field that finds several people; the form sets among whom in ``prepare``."""
    field = PeopleField(label=label, queryset=User.objects.none(), seek=called, hint=HINT, **kwargs)
    name_choices(field, told_apart)
    return field
