"""Pages of the main trip: intake, matter, need, matching, referral."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.access import access
from foundation.deadlines import clocks
from foundation.inputs import Input
from foundation.journal import timeline
from foundation.pages.base import FormPage, Page, find_visible
from foundation.pages.paging import leaf
from foundation.roles import Role
from households import registration
from households.inputs import RecordConsent
from referrals import matching, offering, triage
from referrals.inputs import AcceptApplication, AddNeed, SendReferral
from referrals.lifecycle import NeedStatus
from referrals.models import Matter, Need, Referral

CASE_ROLES = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW, Role.ASSISTANT, Role.HOUSEHOLD)
NEED_ROLES = (*CASE_ROLES, Role.HANDLER, Role.SECRETARY)
REFERRAL_ROLES = (
    Role.CIVIL_AFFAIRS,
    Role.AUDITOR,
    Role.WINDOW,
    Role.COORDINATOR,
    Role.SOCIAL_WORKER,
    Role.HOUSEHOLD,
)


class LookUpHousehold(Page):
    """What the city knows of an identity number, while the form is filled (htmx)."""

    access = access(POST=(Role.WINDOW,))
    template = "referrals/known_household.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = {name: request.POST[name] for name in request.POST}
        return self.show({"form": AcceptApplication(initial=typed, actor=self.actor)})


class Matters(Page):
    """The matters that the reader may see, newest first."""

    access = access(GET=CASE_ROLES)
    template = "referrals/matters.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Matter.objects.visible_to(self.actor).select_related("household__place", "town")
        chosen = request.GET.get("status", "")
        if chosen in Matter.lifecycle.states.values:
            found = found.filter(status=chosen)
        return self.show(
            {
                "matters": leaf(found.prefetch_related("needs"), request),
                "states": Matter.lifecycle.states.choices,
                "chosen": chosen,
            }
        )


class ShowMatter(Page):
    """One matter: its needs, one timeline, and only what this person may do."""

    access = access(GET=CASE_ROLES)
    template = "referrals/matter.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        matter = find_visible(Matter, self.actor, number=number)
        needs = list(matter.needs.select_related("body"))
        referrals = list(
            Referral.objects.visible_to(self.actor)
            .filter(need__matter=matter)
            .select_related("offer__item", "provider__organization")
        )
        is_window = self.actor.role == Role.WINDOW
        running = clocks.running(needs)
        ways = triage.routes({each.kind for each in needs}) if is_window else {}
        rows = [
            {
                "need": need,
                "moves": need.moves_for(self.actor),
                "clocks": running[need.pk],
                "referrals": [each for each in referrals if each.need_id == need.pk],
                "route": ways.get(need.kind)
                if need.status in (NeedStatus.OPEN, NeedStatus.UNMET)
                else None,
            }
            for need in needs
        ]
        return self.show(
            {
                "object": matter,
                "head": matter.household.members.select_related("person").first(),
                "rows": rows,
                "moves": matter.moves_for(self.actor),
                "timeline": timeline.told(
                    [matter, *needs, *referrals], with_names=self.actor.role != Role.HOUSEHOLD
                ),
                "may_add_need": is_window and matter.status == "accepted",
                "slip": matter.status in ("accepted", "closed") and self.actor.role != Role.AUDITOR,
                "help": matter.household.help_received.select_related("giver")[:10],
            }
        )


class ShowNeed(Page):
    """One need, for the body or conference that handles it."""

    access = access(GET=NEED_ROLES)
    template = "referrals/need.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        need = find_visible(Need, self.actor, pk=pk)
        referrals = Referral.objects.visible_to(self.actor).filter(need=need)
        return self.show(
            {
                "object": need,
                "moves": need.moves_for(self.actor),
                "timeline": timeline.told(
                    [need, *referrals], with_names=self.actor.role != Role.HOUSEHOLD
                ),
                "referrals": referrals.select_related("offer__item", "provider__organization"),
                "sees_matter": Matter.objects.visible_to(self.actor)
                .filter(pk=need.matter_id)
                .exists(),
                "rating": getattr(need, "satisfaction", None),
            }
        )


class AddNeedPage(FormPage):
    """A further need of an accepted matter."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @cached_property
    def matter(self) -> Matter:
        """The matter, of the own town."""
        return find_visible(Matter, self.actor, number=self.kwargs["number"])

    def form_class(self) -> type[Input]:
        return AddNeed

    def words(self) -> dict[str, Any]:
        return {
            "title": _("登记需求"),
            "button": _("登记"),
            "object": self.matter,
            "back": self.matter.get_absolute_url(),
            "open_now": self.matter.status == "accepted",
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        triage.add(by=self.actor, matter=self.matter, key=key, **form.given())
        messages.success(self.request, _("已登记需求。"))
        return redirect(self.matter)


class Match(FormPage):
    """The candidates for one need, side by side, with reasons; one is chosen."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))
    template = "referrals/match.html"

    @cached_property
    def need(self) -> Need:
        """The need, of the own town."""
        return find_visible(Need, self.actor, pk=self.kwargs["pk"])

    def form_class(self) -> type[Input]:
        return SendReferral

    def first_values(self) -> dict[str, Any]:
        kind = self.need.get_kind_display()
        first = {"goal": _("“%(kind)s”方面的困难得到缓解") % {"kind": kind}}
        return first | {name: value for name, value in super().first_values().items() if value}

    def words(self) -> dict[str, Any]:
        ranking = matching.rank(self.need)
        return {
            "object": self.need,
            "ranking": ranking,
            "open_now": self.need.status in (NeedStatus.OPEN, NeedStatus.UNMET),
            "back": self.need.matter.get_absolute_url(),
            "consented": any(each.holds for each in self.need.matter.household.consents.all()),
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        referral = offering.send(self.need, by=self.actor, key=key, **form.given())
        messages.success(
            self.request, _("转介已发出,等待%(provider)s答复。") % {"provider": referral.provider}
        )
        return redirect(self.need.matter)


class Consent(FormPage):
    """The household's separate consent, recorded at the window."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @cached_property
    def need(self) -> Need:
        """The need for which data would be handed on."""
        return find_visible(Need, self.actor, pk=self.kwargs["pk"])

    def form_class(self) -> type[Input]:
        return RecordConsent

    def words(self) -> dict[str, Any]:
        return {
            "title": _("记录单独同意"),
            "button": _("已取得同意"),
            "open_now": True,
            "object": self.need,
            "back": reverse("need-match", args=[self.need.pk]),
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        registration.give_consent(
            self.need.matter.household,
            by=self.actor,
            purpose=_("转介社会力量提供服务"),
            receiver=_("接受转介的机构"),
            **form.given(),
        )
        return redirect("need-match", self.need.pk)


class Referrals(Page):
    """The referrals that the reader may see, newest first."""

    access = access(GET=REFERRAL_ROLES)
    template = "referrals/referrals.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Referral.objects.visible_to(self.actor).select_related(
            "offer__item", "provider__organization", "town"
        )
        chosen = request.GET.get("status", "")
        if chosen in Referral.lifecycle.states.values:
            found = found.filter(status=chosen)
        return self.show(
            {
                "referrals": leaf(found, request),
                "states": Referral.lifecycle.states.choices,
                "chosen": chosen,
            }
        )


class ShowReferral(Page):
    """One referral as its parties see it."""

    access = access(GET=REFERRAL_ROLES)
    template = "referrals/referral.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        referral = find_visible(Referral, self.actor, number=number)
        provider_side = self.actor.role in (Role.COORDINATOR, Role.SOCIAL_WORKER)
        reads_notes = provider_side or self.actor.role == Role.CIVIL_AFFAIRS
        return self.show(
            {
                "object": referral,
                "moves": referral.moves_for(self.actor),
                "timeline": timeline.told([referral], with_names=self.actor.role != Role.HOUSEHOLD),
                "visits": referral.visits.all(),
                "reads_notes": reads_notes,
                "provider_side": provider_side,
                "shows_contact": referral.known and self.actor.role != Role.HOUSEHOLD,
            }
        )
