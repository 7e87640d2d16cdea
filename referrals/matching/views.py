"""Pages of matching: candidates side by side with reasons, and the replacement of a provider."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.forms.actions import ActionForm
from foundation.forms.typed import whole_number
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import FormPage, find_visible
from referrals.matching import ranking
from referrals.matching.ranking import Ranking, Slice
from referrals.needs import checks
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.forms import Replace, SendReferral
from referrals.offers.models import Referral
from referrals.requests import sending

WINDOW = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))


#: How many candidates of each sort are listed below the three best; the others are found by name.
LISTED = 6


class Candidates(FormPage):
    """The best candidates for a need side by side, with reasons; others are found by a part of their name."""

    access = WINDOW
    template = "referrals/matching/match.html"

    def ranked(self) -> tuple[Need, int | None]:
        """The need, and the provider that is left out."""
        raise TypeError(f"{type(self).__name__} ranks nothing")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.htmx and "named" in request.GET:
            return self.render(self._others(), template="referrals/matching/others.html")
        return super().get(request, *args, **kwargs)

    def get_context_data(self) -> dict[str, Any]:
        need, but = self.ranked()
        shown = ranking.first(need, Slice(LISTED, but=but, kept=self._chosen))
        longer = shown.candidates_total > LISTED or shown.excluded_total > LISTED
        return {"object": need, "ranking": shown, "more_to_find": longer, **self._others(shown)}

    @cached_property
    def _chosen(self) -> int | None:
        """The offer that is chosen so far."""
        return whole_number(str(self.request.POST.get("offer_id") or self.first_values().get("offer_id", "")))

    def _others(self, shown: Ranking | None = None) -> dict[str, Any]:
        """What is listed beside the best: what the address names, otherwise what comes next."""
        named = self.request.GET.get("named", "").replace("\0", "").strip()
        need, but = self.ranked()
        if named or shown is None:
            shown = ranking.first(need, Slice(LISTED, named=named, but=but, kept=self._chosen))
        others = shown.candidates if named else shown.more
        return {
            "named": named,
            "others": others,
            "others_total": shown.candidates_total - (0 if named else len(shown.best)),
            "excluded": shown.excluded,
            "excluded_total": shown.excluded_total,
            "chosen": self._chosen,
            "others_open": bool(named) or self._chosen in [candidate.offer_id for candidate in others],
        }


class Match(Candidates):
    """The candidates for one need; one is chosen."""

    @cached_property
    def need(self) -> Need:
        """The need, of the window's own town."""
        return find_visible(
            Need.objects.select_related(*ranking.RANKED_WITH), self.actor, pk=self.kwargs["pk"]
        )

    def ranked(self) -> tuple[Need, int | None]:
        return self.need, None

    def find_object(self) -> None:
        _found = self.need  # found without ranking the candidates

    def form_class(self) -> type[ActionForm]:
        return SendReferral

    def first_values(self) -> dict[str, Any]:
        kind = self.need.get_kind_display()
        first = {"goal": _("“%(kind)s”方面的困难得到缓解") % {"kind": kind}}
        return first | {name: value for name, value in super().first_values().items() if value}

    def get_context_data(self) -> dict[str, Any]:
        household = self.need.matter.household
        consents = [consent for consent in household.consents.all() if consent.holds]
        return {
            **super().get_context_data(),
            "findings": checks.of_need(self.need),
            "open_now": self.need.waits,
            "back": self.need.matter.get_absolute_url(),
            "consented": bool(consents),
            "household": household,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        sent = sending.send(self.need, by=self.actor, key=key, **form.given())
        messages.success(self.request, sent.words)
        return redirect(self.need.matter)


class ReplacePage(Candidates):
    """Another provider is asked to take a running service over, without a gap."""

    @cached_property
    def referral(self) -> Referral:
        """The referral that goes on until the new one is accepted."""
        needed = [f"need__{path}" for path in ranking.RANKED_WITH]
        referrals = Referral.objects.select_related("provider", *needed)
        return find_visible(referrals, self.actor, number=self.kwargs["number"])

    def ranked(self) -> tuple[Need, int | None]:
        return self.referral.need, self.referral.provider_id

    def find_object(self) -> None:
        _found = self.referral

    def form_class(self) -> type[ActionForm]:
        return Replace

    def first_values(self) -> dict[str, Any]:
        left = max(1, self.referral.units - self.referral.used)
        return {**vars(self.referral.ask), "units": left} | super().first_values()

    def get_context_data(self) -> dict[str, Any]:
        return {
            **super().get_context_data(),
            "replaced": self.referral,
            "open_now": self.referral.served,
            "back": self.referral.get_absolute_url(),
            "consented": True,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        made = offering.send(
            self.referral.need, by=self.actor, key=key, replaces=self.referral, **form.given()
        )
        messages.success(
            self.request,
            _("已请%(provider)s接手；在它接受之前，服务照常进行。") % {"provider": made.provider},
        )
        return redirect(self.referral)
