"""The cards of published items. A published item never changes, so a card is drawn once."""

from __future__ import annotations

from collections import OrderedDict

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from catalog.models import Item

#: Cards that one process keeps.
MOST = 10_000

_DRAWN: OrderedDict[tuple[int, str], SafeString] = OrderedDict()


def card(item: Item) -> SafeString:
    """The card of a published item in the reader's language, without what changes by
    the hour (free places).
    """
    key = (item.pk, translation.get_language() or "")
    drawn = _DRAWN.get(key)
    if drawn is None:
        drawn = render_to_string("portal/item_card.html", {"item": item})
        _DRAWN[key] = drawn
        if len(_DRAWN) > MOST:
            _DRAWN.popitem(last=False)
    return drawn
