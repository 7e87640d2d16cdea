"""Finding an item by its code, or by a part of its name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.items.models import Item
from foundation.forms.seeking import SoughtField


def called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The items with that code, or with the text in their name; "B01.01 居家照料" names both."""
    code, _space, name = text.partition(" ")
    both = Q(code__istartswith=code, name__icontains=name) if name else Q()
    return found.filter(
        Q(code__istartswith=text) | Q(name__icontains=text) | Q(name_en__icontains=text) | both
    )


def an_item(**kwargs: Any) -> SoughtField:
    """A field that finds one item; the form sets among which in ``prepare``."""
    return SoughtField(
        label=_("服务项目"),
        queryset=Item.objects.none(),
        seek=called,
        hint=_("输入代码或名称的一部分"),
        **kwargs,
    )
