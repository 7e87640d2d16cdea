"""Finding an item by its code, or by a part of its name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.items.models import Item
from foundation.forms.seeking import SoughtField

HINT = _("输入代码或名称的一部分")


def called(found: QuerySet[Any], text: str, *, path: str = "") -> QuerySet[Any]:
    """The objects of ``found`` whose item, at ``path``, has that code, or the text in its name; "B01.01 居家照料"
    names both.
    """
    code, _space, name = text.partition(" ")
    named = Q()
    for lookup in ("code__istartswith", "name__icontains", "name_en__icontains"):
        named |= Q(**{path + lookup: text})
    if name:
        named |= Q(**{f"{path}code__istartswith": code, f"{path}name__icontains": name})
    return found.filter(named)


def an_item(**kwargs: Any) -> SoughtField:
    """A field that finds one item; the form sets among which in ``prepare``."""
    return SoughtField(label=_("服务项目"), queryset=Item.objects.none(), seek=called, hint=HINT, **kwargs)
