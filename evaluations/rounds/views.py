"""Pages of rounds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.assessments.models import Assessment
from evaluations.rounds import running
from evaluations.rounds.forms import words_of
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from evaluations.sheets import agreement
from evaluations.sheets.states import SITTING, SheetStatus
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Actor, Role
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day

OVERSIGHT = (Role.CIVIL_AFFAIRS, Role.AUDITOR)


JUDGING = (*OVERSIGHT, Role.EVALUATOR)


WITH_PROVIDERS = (*JUDGING, Role.COORDINATOR)


ROWS = Round.objects.values_list("pk", "title", "kind", "period_from", "period_to", "status", named=True)


#: The stages of a round in words.
STAGES = (
    RoundStatus.PLANNED,
    RoundStatus.REPORTING,
    RoundStatus.SCORING,
    RoundStatus.MODERATION,
    RoundStatus.PROVISIONAL,
    RoundStatus.APPEALS_OVER,
    RoundStatus.NOTICED,
    RoundStatus.NOTICE_OVER,
    RoundStatus.FINAL,
)


class Rounds(ListPage):
    """The rounds that the reader may see."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/rounds/rounds.html"
    beneath = "rounds"
    by = "pk"
    choices = MappingProxyType({"status": RoundStatus.choices})
    columns = (
        Column(gettext_lazy("名称"), "title"),
        Column(gettext_lazy("评估期"), lambda row: f"{day(row.period_from)} — {day(row.period_to)}"),
        state_of(Round),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(ROWS, self.actor))

    def mark(self, row: Any) -> SafeString:
        """The kind of the round."""
        return under(dict(Round._meta.get_field("kind").choices or ())[row.kind])


class ShowRound(Page):
    """One round: its providers, its stage, and for the chair what is to be decided."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/rounds/round.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Round, self.actor, pk=pk)
        judging = self.actor.role in OVERSIGHT or found.chair_id == self.actor.user_id
        past_scoring = found.status not in (RoundStatus.PLANNED, RoundStatus.REPORTING, RoundStatus.SCORING)
        context: dict[str, Any] = {
            "object": found,
            "rows": _rows(found, self.actor),
            "transitions": found.transitions_for(self.actor),
            "stages": _stages(found),
            "judging": judging,
            "timeline": timeline.entries_of([found], with_names=self.actor.role in OVERSIGHT),
        }
        if judging and past_scoring and found.formulas:
            context |= _for_the_chair(found)
        return self.render(context)


def _rows(round_: Round, actor: Actor) -> list[dict[str, Any]]:
    rows = []
    seen = set(Assessment.objects.visible_to(actor).filter(round=round_).values_list("pk", flat=True))
    for assessment in running.shown_to(round_, actor):
        sheets = [sheet for sheet in assessment.sheets.all() if sheet.status in SITTING]
        done = sum(sheet.status == SheetStatus.SUBMITTED for sheet in sheets)
        own = next((s for s in sheets if s.evaluator_id == actor.user_id), None)
        open_ = assessment.result_open_to(actor) and assessment.has_result
        rows.append(
            {
                "each": assessment,
                "sheets": len(sheets),
                "done": done,
                "own": own,
                "open": open_,
                "seen": assessment.pk in seen,
            }
        )
    return rows


def _stages(round_: Round) -> list[dict[str, Any]]:
    if round_.status == RoundStatus.CANCELLED:
        return []
    now = STAGES.index(RoundStatus(round_.status))
    return [
        {"name": stage.label, "done": n < now or now == len(STAGES) - 1, "now": n == now}
        for n, stage in enumerate(STAGES)
    ]


def _for_the_chair(round_: Round) -> dict[str, Any]:
    """Agreement, differences and suspicions; the latter two without what is decided already."""
    differ, suspected = running.undecided(round_)
    titles = {veto["key"]: veto["title"] for veto in round_.scheme.vetoes}
    alpha = round_.agreement.get("alpha")
    if alpha is None:
        verdict = _("样本不足或所有人给了同一等级，算不出一致性")
    elif alpha >= agreement.RELIABLE:
        verdict = _("可靠")
    elif alpha >= agreement.TENTATIVE:
        verdict = _("勉强可用，请多看分歧")
    else:
        verdict = _("不可靠，请逐项复议")
    return {
        "agreement": round_.agreement,
        "verdict": verdict,
        "differ": [{"key": difference.key, "words": words_of(round_, difference)} for difference in differ],
        "suspected": [
            {"assessment": assessment, "veto": veto, "title": titles.get(veto, veto), "words": words}
            for assessment, veto, words in suspected
        ],
    }
