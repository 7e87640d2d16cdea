"""Pages of matching: candidates side by side with reasons, and the replacement of a provider."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.forms.actions import ActionForm
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import FormPage, find_visible
from referrals.matching import ranking
from referrals.needs import checks
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.forms import Replace, SendReferral
from referrals.offers.models import Referral
from referrals.requests import sending

WINDOW = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))


class Match(FormPage):
    """The candidates for one need, side by side, with reasons; one is chosen."""

    access = WINDOW
    template = "referrals/matching/match.html"

    @cached_property
    def need(self) -> Need:
        """The need, of the window's own town."""
        return find_visible(Need, self.actor, pk=self.kwargs["pk"])

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
            "object": self.need,
            "ranking": ranking.rank(self.need),
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


class ReplacePage(FormPage):
    """Another provider is asked to take a running service over, without a gap."""

    access = WINDOW
    template = "referrals/matching/match.html"

    @cached_property
    def referral(self) -> Referral:
        """The referral that goes on until the new one is accepted."""
        return find_visible(Referral, self.actor, number=self.kwargs["number"])

    def form_class(self) -> type[ActionForm]:
        return Replace

    def first_values(self) -> dict[str, Any]:
        left = max(1, self.referral.units - self.referral.used)
        return {**vars(self.referral.ask), "units": left} | super().first_values()

    def get_context_data(self) -> dict[str, Any]:
        need = self.referral.need
        return {
            "object": need,
            "replaced": self.referral,
            "ranking": ranking.rank(need).without(self.referral.provider_id),
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
