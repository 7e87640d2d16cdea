"""Candidates side by side with reasons; one is chosen, or several are asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.access import access
from foundation.inputs import Input
from foundation.journal import timeline
from foundation.pages.base import FormPage, Page, find_visible
from foundation.roles import Role
from referrals import checks, matching, offering, sending
from referrals.inputs.offering import Replace, SendReferral
from referrals.lifecycle import NeedStatus
from referrals.models import Call, Need, Referral
from referrals.models.referral import SERVED_NOW

WINDOW = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))


class Match(FormPage):
    """The candidates for one need, side by side, with reasons; one is chosen."""

    access = WINDOW
    template = "referrals/match.html"

    @cached_property
    def need(self) -> Need:
        """The need, of the own town."""
        return find_visible(Need, self.actor, pk=self.kwargs["pk"])

    def find_object(self) -> None:
        _found = self.need  # ranking the candidates is not needed to know it

    def form_class(self) -> type[Input]:
        return SendReferral

    def first_values(self) -> dict[str, Any]:
        kind = self.need.get_kind_display()
        first = {"goal": _("“%(kind)s”方面的困难得到缓解") % {"kind": kind}}
        return first | {name: value for name, value in super().first_values().items() if value}

    def words(self) -> dict[str, Any]:
        household = self.need.matter.household
        consents = [each for each in household.consents.all() if each.holds]
        return {
            "object": self.need,
            "ranking": matching.rank(self.need),
            "findings": checks.of_need(self.need),
            "open_now": self.need.status in (NeedStatus.OPEN, NeedStatus.UNMET),
            "back": self.need.matter.get_absolute_url(),
            "consented": bool(consents),
            "household": household,
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        sent = sending.send(self.need, by=self.actor, key=key, **form.given())
        messages.success(self.request, sent.words)
        return redirect(self.need.matter)


class ReplacePage(FormPage):
    """Another provider is asked to take a running service over, without a gap."""

    access = WINDOW
    template = "referrals/match.html"

    @cached_property
    def referral(self) -> Referral:
        """The referral that goes on until the new one is accepted."""
        return find_visible(Referral, self.actor, number=self.kwargs["number"])

    def form_class(self) -> type[Input]:
        return Replace

    def first_values(self) -> dict[str, Any]:
        left = max(1, self.referral.units - self.referral.used)
        return {**vars(self.referral.ask), "units": left} | super().first_values()

    def words(self) -> dict[str, Any]:
        need = self.referral.need
        return {
            "object": need,
            "replaced": self.referral,
            "ranking": matching.rank(need).without(self.referral.provider_id),
            "open_now": self.referral.status in SERVED_NOW,
            "back": self.referral.get_absolute_url(),
            "consented": True,
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        made = offering.send(
            self.referral.need, by=self.actor, key=key, replaces=self.referral, **form.given()
        )
        messages.success(
            self.request,
            _("已请%(provider)s接手；在它接受之前，服务照常进行。") % {"provider": made.provider},
        )
        return redirect(self.referral)


class ShowCall(Page):
    """A need that was offered to several: who was asked, in which order, and who answered."""

    access = access(GET=(Role.WINDOW, Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "referrals/call.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        call = find_visible(Call, self.actor, pk=pk)
        asked = {each.offer_id: each for each in call.referrals.select_related("provider")}
        return self.show(
            {
                "object": call,
                "rows": [(row, asked.get(row["offer"])) for row in call.queue],
                "moves": call.moves_for(self.actor),
                "timeline": timeline.told([call, *asked.values()], to=self.actor),
            }
        )
