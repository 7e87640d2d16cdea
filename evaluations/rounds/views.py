"""Pages of rounds."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.assessments.models import Assessment
from evaluations.permissions import LEADS_ROUNDS, READS_NAMES
from evaluations.phases import MODERATED
from evaluations.rounds import running
from evaluations.rounds.forms import words_of
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from evaluations.sheets import agreement, questions
from evaluations.stages import stages_of
from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED, Actor
from foundation.ui.chips import chip, chip_of
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, or_dash, state_of, table, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day

ROWS = Round.objects.values_list("pk", "title", "kind", "period_from", "period_to", "status", named=True)


class Rounds(ListPage):
    """The rounds that the reader may see."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/rounds/rounds.html"
    rows = ROWS
    beneath = "rounds"
    by = "pk"
    choices = MappingProxyType({"status": RoundStatus.choices})
    columns = (
        Column(gettext_lazy("名称"), "title"),
        Column(gettext_lazy("评估期"), lambda row: f"{day(row.period_from)} — {day(row.period_to)}"),
        state_of(Round),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Round, self.actor))

    def mark(self, row: Any) -> SafeString:
        """The kind of the round."""
        return under(dict(Round._meta.get_field("kind").choices or ())[row.kind])


def _rater(row: dict[str, Any]) -> SafeString | str:
    """An evaluator, marked where the marks stand apart from those of the others."""
    if not row["apart"]:
        return row["name"]
    return format_html("{} {}", row["name"], chip(_("偏离"), "soon", "circle-alert"))


#: The columns of evaluators, and of the providers of a round.
RATERS = (
    Column(gettext_lazy("评估人员"), _rater),
    Column(gettext_lazy("可比的评分"), itemgetter("n"), "money"),
    Column(gettext_lazy("与同伴平均相差（级）"), itemgetter("bias"), "money"),
)


def _own_sheet(row: dict[str, Any]) -> SafeString | str:
    """The link to the reader's own sheet, if there is one."""
    if not row["own"]:
        return ""
    return format_html('· <a href="{}">{}</a>', row["own"].get_absolute_url(), _("我的评分表"))


def _progress(row: dict[str, Any]) -> SafeString:
    """The state of an assessment, and how many of its sheets are in."""
    sheets: str | SafeString = ""
    if row["sheets"]:
        words = _("评分表 %(done)s/%(all)s") % {"done": row["done"], "all": row["sheets"]}
        sheets = format_html(' <span class="text-muted text-small">{}</span>', words)
    return format_html("<span>{}{}</span>", chip_of(Assessment, row["assessment"].status), sheets)


def _once_open(name: str) -> Callable[[dict[str, Any]], Any]:
    """Cells with a part of the result, once it is open to the reader."""
    return lambda row: or_dash(getattr(row["assessment"], name) if row["open"] else None)


PROVIDERS = (
    Column(gettext_lazy("机构"), lambda row: row["assessment"].provider),
    Column(gettext_lazy("名次"), _once_open("rank")),
    Column(gettext_lazy("得分"), _once_open("total_words"), "money"),
    Column(gettext_lazy("等级"), _once_open("grade_words")),
    Column(gettext_lazy("进度"), _progress),
)


def _address(row: dict[str, Any]) -> str:
    """The page of the assessment, for who may see it."""
    return row["assessment"].get_absolute_url() if row["seen"] else ""


class ShowRound(Page):
    """One round: its providers, its stage, and for the chair what is to be decided."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/rounds/round.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Round.objects.select_related("scheme"), self.actor, pk=pk)
        judging = is_one_of(LEADS_ROUNDS, self.actor, found)
        named = is_one_of(READS_NAMES, self.actor, found)
        page = in_order(running.shown_to(found, self.actor), request)
        rows = _rows(found, page.rows, self.actor, judging)
        transitions = found.transitions_for(self.actor)
        context: dict[str, Any] = {
            "object": found,
            "page": page,
            "rows": table(PROVIDERS, rows, address=_address, mark=_own_sheet),
            "transitions": transitions,
            "offered": {transition.name for transition in transitions},
            "stages": stages_of(found),
            "timeline": timeline.entries_of([found], with_names=named),
        }
        if judging and found.scored and found.formulas:
            context |= _for_the_chair(found, request)
        return self.render(context)


def _rows(round_: Round, page: list[Assessment], actor: Actor, judging: bool) -> list[dict[str, Any]]:
    """A page of the assessments of a round; how many sheets are in is for who judges."""
    rows = []
    shown = round_.assessments.filter(pk__in=[assessment.pk for assessment in page])
    seen = set(shown.visible_to(actor).values_list("pk", flat=True))
    for assessment in page:
        sheets = [sheet for sheet in assessment.sheets.all() if sheet.sitting]
        done = sum(sheet.submitted for sheet in sheets)
        own = next((s for s in sheets if s.evaluator_id == actor.user_id), None)
        open_ = assessment.result_open_to(actor) and assessment.has_result
        rows.append(
            {
                "assessment": assessment,
                "sheets": len(sheets) if judging else 0,
                "done": done,
                "own": own,
                "open": open_,
                "seen": assessment.pk in seen,
            }
        )
    return rows


def _for_the_chair(round_: Round, request: HttpRequest) -> dict[str, Any]:
    """Agreement, differences and suspicions, each page by page; the latter two without what is decided, and while
    it is decided.
    """
    moderated = round_.status in RoundStatus.in_phase(MODERATED)
    differ, suspected = questions.undecided(round_) if moderated else ([], [])
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
    raters = in_order(round_.agreement.get("raters", ()), request, "raters_from")
    differences = in_order(differ, request, "differ_from")
    suspicions = in_order(suspected, request, "suspected_from")
    return {
        "agreement": round_.agreement,
        "raters": table(RATERS, raters, stacked=False),
        "verdict": verdict,
        "differ": [
            {"key": difference.mark, "words": words_of(round_, difference)} for difference in differences
        ],
        "suspected": [{"asked": asked, "title": titles.get(asked.key, asked.key)} for asked in suspicions],
        "pages": {"raters": raters, "differ": differences, "suspected": suspicions},
    }
