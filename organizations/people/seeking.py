"""Finding people by a part of their name."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.forms.choosing import name_choices
from foundation.forms.seeking import SoughtField, SoughtListField
from foundation.refusals import Words
from organizations.people.models import Membership, User

HINT = _("输入姓名的一部分")


def called(found: QuerySet[Any], text: str, *, path: str = "") -> QuerySet[Any]:
    """The objects of ``found`` whose person, at ``path``, has the text in the name."""
    return found.filter(**{f"{path}full_name__icontains": text})


def a_colleague(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one of the people who hold a role; the form sets which in ``prepare``."""
    seek = partial(called, path="user__")
    field = SoughtField(label=label, queryset=Membership.objects.none(), seek=seek, hint=HINT, **kwargs)
    name_choices(field, lambda membership: str(membership.user.full_name))
    return field


def somebody(label: Words, **kwargs: Any) -> SoughtField:
    """A field that finds one person; the form sets among whom in ``prepare``."""
    field = SoughtField(label=label, queryset=User.objects.none(), seek=called, hint=HINT, **kwargs)
    name_choices(field, User.get_full_name)
    return field


def some_people(label: Words, **kwargs: Any) -> SoughtListField:
    """A field that finds several people; the form sets among whom in ``prepare``."""
    field = SoughtListField(label=label, queryset=User.objects.none(), seek=called, hint=HINT, **kwargs)
    name_choices(field, User.get_full_name)
    return field
