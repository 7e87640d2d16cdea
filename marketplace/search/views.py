"""The search box."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

from catalog.items.models import Item
from foundation.forms import typed
from foundation.forms.number_search import numbered
from foundation.numbering.series import Series
from foundation.permissions import SIGNED_IN, access
from foundation.roles import Actor
from foundation.ui.views import Page
from households.register.models import Household
from organizations.providers.models import Provider
from referrals.matters.models import Matter
from referrals.offers.models import Referral

#: Characters of a search at least.
SHORTEST = 2

#: Objects of a kind that are shown at most.
MOST = 10

#: The beginning of a number of ours, which no name and no words have.
NUMBER = re.compile(r"[A-Z][A-Z0-9]{0,5}-[0-9]", re.IGNORECASE)


class Search(Page):
    """Search for matters, referrals and households by number, providers by name, items by words."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/search/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.folded(request.GET.get("q", ""))
        found: dict[str, Any] = {"asked": asked, "providers": (), "items": ()}
        if len(asked) >= SHORTEST:
            found |= _numbered(asked, self.actor)
            if not NUMBER.match(asked):
                found |= _named(asked, self.actor)
        found["any"] = any(found.get(name) for name in found if name not in ("asked",))
        return self.render({**found, "opens_providers": self.may_open("provider", 0)})


def _numbered(asked: str, actor: Actor) -> dict[str, Any]:
    """What has a number, with the columns that are shown."""
    matters = numbered(Matter.objects.visible_to(actor), asked, Series.MATTER)
    referrals = numbered(
        Referral.objects.visible_to(actor).select_related("offer__item"), asked, Series.REFERRAL
    )
    households = numbered(Household.objects.visible_to(actor), asked, Series.HOUSEHOLD)
    item = ("offer__item__name", "offer__item__name_en")
    return {
        "matters": matters.only("number", "status")[:MOST],
        "referrals": referrals.only("number", "status", *item)[:MOST],
        "households": households.only("number")[:MOST],
    }


def _named(asked: str, actor: Actor) -> dict[str, Any]:
    """What has a name or words, with the columns that are shown."""
    providers = Provider.objects.visible_to(actor).named(asked).with_lists().select_related("organization")
    standing = ("status", "accredited_until", "organization__name", "organization__code")
    items = Item.objects.in_force().answering(asked)
    return {
        "providers": providers.only(*standing)[:MOST],
        "items": items.only("edition", "code", "name", "name_en")[:MOST],
    }
