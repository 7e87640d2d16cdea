"""Pages of exits of providers."""

from __future__ import annotations

from types import MappingProxyType

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from contracts.contracts.models import Contract
from evaluations.exit_appeals.models import ExitAppeal
from evaluations.exits.models import Exit
from evaluations.exits.states import ExitStatus
from evaluations.permissions import READS_NAMES, contesting_provider
from evaluations.stages import stages_of
from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED, PROVIDERS_MONEY_AND_EXPERTS
from foundation.ui.files import file_answer
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day
from organizations.people.models import User
from referrals.offers.models import Referral
from referrals.rematching.models import Rematch


class Exits(ListPage):
    """The exits that the reader may see."""

    access = access(GET=PROVIDERS_MONEY_AND_EXPERTS)
    template = "evaluations/exits/exits.html"
    choices = MappingProxyType({"status": ExitStatus.choices})
    columns = (
        Column(gettext_lazy("机构"), "provider"),
        Column(gettext_lazy("事由"), lambda row: row.get_cause_display()),
        Column(gettext_lazy("提出日期"), lambda row: day(row.created_at)),
        Column(gettext_lazy("禁入至"), lambda row: day(row.barred_until) or "—"),
        state_of(Exit),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Exit.objects.visible_to(self.actor).select_related("provider__organization"))


class ShowExit(Page):
    """One exit: reasons, hearing, votes, hand-over, settlement."""

    access = access(GET=PROVIDERS_MONEY_AND_EXPERTS)
    template = "evaluations/exits/exit.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Exit, self.actor, pk=pk)
        seen = Referral.objects.visible_to(self.actor).values("pk")
        concerned = found.statement_open_to(self.actor)
        named = is_one_of(READS_NAMES, self.actor, found)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "stages": stages_of(found),
                "work": in_order(
                    found.open_work.filter(pk__in=seen).select_related("offer__item", "town"),
                    request,
                    "work_from",
                ),
                "left": found.open_work.count(),
                "rematches": in_order(
                    Rematch.objects.visible_to(self.actor).filter(provider=found.provider),
                    request,
                    "rematches_from",
                ),
                "contracts": in_order(
                    Contract.objects.visible_to(self.actor).filter(provider=found.provider),
                    request,
                    "contracts_from",
                ),
                "panel": User.objects.filter(pk__in=found.panel),
                "votes": in_order(found.votes.all(), request, "votes_from")
                if found.votes_open_to(self.actor)
                else [],
                "appeal": ExitAppeal.objects.visible_to(self.actor).filter(exit=found).first(),
                "may_appeal": contesting_provider.admits(self.actor, found),
                "concerned": concerned,
                "files": in_order(found.files.all(), request, "files_from") if concerned else [],
                "timeline": timeline.entries_of([found], with_names=named),
            }
        )


class ShowExitFile(Page):
    """A file of the statement; for the panel, oversight and the provider itself."""

    access = access(GET=JUDGES_AND_JUDGED)

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        exit_ = find_visible(Exit, self.actor, pk=pk)
        shown = exit_.statement_open_to(self.actor)
        found = exit_.files.filter(pk=file).first() if shown else None
        if found is None:
            raise Http404
        return file_answer(found.plain(), found.kind)
