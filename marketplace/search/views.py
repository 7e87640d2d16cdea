"""Sign-in, workbench, search, and the switches of the frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from catalog.items.models import Item
from foundation.forms import typed
from foundation.permissions import SIGNED_IN, access
from foundation.ui.number_search import numbered
from foundation.ui.views import Page
from households.register.models import Household
from organizations.providers.models import Provider
from referrals.matters.models import Matter
from referrals.offers.models import Referral

#: A search asks for at least this many characters.
SHORTEST = 2


class Search(Page):
    """One box: matters, referrals and households by number, providers, items."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/search/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.folded(request.GET.get("q", ""))
        found: dict[str, Any] = {"asked": asked}
        if len(asked) >= SHORTEST:
            me = self.actor
            found |= {
                "matters": numbered(Matter.objects.visible_to(me), asked, "SL")[:10],
                "referrals": numbered(
                    Referral.objects.visible_to(me).select_related("offer__item"), asked, "ZJ"
                )[:10],
                "households": numbered(Household.objects.visible_to(me), asked, "JT")[:10],
                "providers": Provider.objects.visible_to(me).named(asked).select_related("organization")[:10],
                "items": Item.objects.in_force().answering(asked).defer("search")[:10],
            }
        found["any"] = any(found.get(name) for name in found if name not in ("asked",))
        return self.render(found)
