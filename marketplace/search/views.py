"""The search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from catalog.items.models import Item
from foundation.forms import typed
from foundation.forms.number_search import numbered
from foundation.permissions import SIGNED_IN, access
from foundation.ui.views import Page
from households.register.models import Household
from organizations.providers.models import Provider
from referrals.matters.models import Matter
from referrals.offers.models import Referral

#: Characters of a search at least.
SHORTEST = 2


class Search(Page):
    """Search for matters, referrals and households by number, providers by name, items by words."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/search/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.folded(request.GET.get("q", ""))
        found: dict[str, Any] = {"asked": asked}
        if len(asked) >= SHORTEST:
            actor = self.actor
            found |= {
                "matters": numbered(Matter.objects.visible_to(actor), asked, "SL")[:10],
                "referrals": numbered(
                    Referral.objects.visible_to(actor).select_related("offer__item"), asked, "ZJ"
                )[:10],
                "households": numbered(Household.objects.visible_to(actor), asked, "JT")[:10],
                "providers": Provider.objects.visible_to(actor)
                .named(asked)
                .select_related("organization")[:10],
                "items": Item.objects.in_force().answering(asked).defer("search")[:10],
            }
        found["any"] = any(found.get(name) for name in found if name not in ("asked",))
        return self.render(found)
