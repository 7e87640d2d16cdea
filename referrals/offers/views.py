"""Pages of referrals, and the answer by a signed link without an account."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.actions import ActionForm
from foundation.journal import timeline
from foundation.lifecycle.phases import PREPARED
from foundation.parties import is_one_of, reads
from foundation.permissions import ANYONE, access, access_to
from foundation.personal_data.disclosing import Telling
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.ui.links import LinkPage
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import in_the_readers_language
from referrals.offers import links, offering, progress
from referrals.offers.forms import AnswerByLink
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.permissions import VISITORS_NAMED_TO, provider_side, served_at_home, window
from referrals.service import confirming
from referrals.service.models import Visit

#: The states that the list can be filtered by: all but drafts.
SENT = [(state, ReferralStatus(state).label) for state in ReferralStatus.in_phase(~PREPARED)]


#: Only the columns that the list shows, since lists are read far more often than cases.
ROWS = Referral.objects.values_list(
    "pk",
    "number",
    "status",
    "used",
    "units",
    "offer__item__name",
    "offer__item__name_en",
    "provider__organization__name",
    "town__name",
    named=True,
)


class Referrals(ListPage):
    """The referrals that the reader may see, newest first."""

    access = access_to(Referral)
    template = "referrals/offers/referrals.html"
    rows = ROWS
    choices = MappingProxyType({"status": SENT})
    beneath = "referrals"
    columns = (
        Column(gettext_lazy("转介号"), "number"),
        Column(
            gettext_lazy("服务项目"),
            lambda row: in_the_readers_language(row.offer__item__name, row.offer__item__name_en),
        ),
        Column(gettext_lazy("镇街"), "town__name"),
        Column(gettext_lazy("机构"), "provider__organization__name"),
        Column(gettext_lazy("用量"), lambda row: f"{row.used}/{row.units}"),
        state_of(Referral),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Referral, self.actor))


class ShowReferral(Page):
    """One referral as its parties see it; a household sees its progress."""

    access = access_to(Referral)
    template = "referrals/offers/referral.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        referral = find_visible(Referral, self.actor, number=number)
        own, is_window = served_at_home.admits(self.actor, referral), window.admits(self.actor, referral)
        return self.render(
            {
                "object": referral,
                "transitions": referral.transitions_for(self.actor),
                "timeline": timeline.entries_of([referral], to=self.actor),
                **self._visits(request, referral),
                "goals": in_order(referral.goals.all(), request, "goals_from"),
                "measurement": getattr(referral, "measurement", None),
                "known_after_acceptance": referral.awaits_an_answer
                and is_one_of(provider_side, self.actor, referral),
                "steps": progress.steps_of(referral) if own else [],
                "shows_code": referral.visited and own,
                "code": confirming.live_code(referral) if own else None,
                "may_replace": is_window and referral.served,
                "may_link": is_window and referral.awaits_an_answer and links.needed(referral),
                "shows_signature": self.may_open("visit-signature", referral.number, 0),
                "shows_choice": bool(referral.choice.get("parts")) and reads(self.actor, referral, "choice"),
                "shows_contact": referral.known and reads(self.actor, referral, "contact_name"),
            }
        )

    def _visits(self, request: HttpRequest, referral: Referral) -> dict[str, Any]:
        """The visits of a page with the notes that this reader may read, field by field."""
        named = is_one_of(VISITORS_NAMED_TO, self.actor, referral)
        page = in_order(referral.visits.all(), request, "visits_from")
        visits = [
            {
                "visit": visit,
                "note": self._note(visit, "note"),
                "private": self._note(visit, "private_note"),
                "worker": visit.worker_name if named else "",
            }
            for visit in page
        ]
        return {"visits": visits, "page_of_visits": page}

    def _note(self, visit: Visit, field: str) -> str:
        note = getattr(visit, field)
        plain = note and visit.discloses(field, self.actor) is Telling.PLAIN
        return note.plain() if plain else ""


class MakeLink(Page):
    """Make the answering link, for the window to send it by WeChat or read it out."""

    access = access(POST=(Role.WINDOW,))
    template = "referrals/offers/link.html"

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        referral = find_visible(Referral, self.actor, number=number)
        if not referral.awaits_an_answer or not links.needed(referral):
            messages.error(request, _("这次转介不需要链接。"))
            return redirect(referral)
        return self.render({"object": referral, "link": links.address(referral)})


class AnswerLink(LinkPage):
    """Whoever holds the signed link sees need, place and size, and answers once."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "referrals/offers/answer_link.html"
    over = "referrals/offers/link_over.html"

    def follow(self, token: str) -> None:
        self.referral = links.read(token)

    def form_class(self) -> type[ActionForm]:
        return AnswerByLink

    def get_context_data(self) -> dict[str, Any]:
        return {"object": self.referral}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST)
        if form.is_valid():
            try:
                return self.act(form, "")
            except Refused as refusal:
                form.add_error(None, str(refusal.message))
        return self.answer(form, status=422)

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        given = form.cleaned_data
        by = links.holder(self.referral, given["who"])
        if given["takes"] == "no":
            offering.decline(self.referral, by=by, reason=given["reason"])
            words = _("已告诉窗口这次不能承接，谢谢您。")
        elif self.referral.awaits_the_best:
            offering.volunteer(self.referral, by=by)
            words = _("已告诉窗口您愿意承接；择优结果会打电话告诉您。")
        else:
            offering.accept(self.referral, by=by)
            words = _("谢谢您承接。窗口会打电话告诉您怎么联系这户家庭。")
        return self.say(words)
