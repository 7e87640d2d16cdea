"""Pages of the assessment of one provider: its scorecard, evidence files, and the records behind a figure."""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.assessments.models import Assessment, Ruling, RulingKind
from evaluations.indicators import evidence, measures
from evaluations.indicators.measures import MEASURES, figure_of
from evaluations.permissions import its_provider
from evaluations.scorecards import card
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED
from foundation.ui.files import file_answer
from foundation.ui.pagination import PAGE, in_order, in_order_from, position
from foundation.ui.tables import Column, drawn, table
from foundation.ui.views import Page, find_visible
from foundation.wording import moment


class ShowAssessment(Page):
    """The scorecard once the reader may see the result; before that the stage of the assessment."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/assessments/assessment.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Assessment.objects.select_related("round__scheme", "provider__organization")
        found = find_visible(rows, self.actor, pk=pk)
        open_ = found.result_open_to(self.actor) and found.has_result
        context: dict[str, Any] = {
            "object": found,
            "transitions": found.transitions_for(self.actor),
            "open": open_,
            "appeals": in_order(found.appeals.visible_to(self.actor), request, "appeals_from"),
            "consequences": in_order(found.consequences.all(), request, "consequences_from") if open_ else [],
            "report": report_shown(found),
            "files": in_order(found.files.filter(appeal=None), request, "files_from"),
            "figures": frozen_figures(found),
            "may_appeal": found.round.contestable and its_provider.admits(self.actor, found),
            "timeline": timeline.entries_of([found]),
        }
        if open_ and found.round.formulas:
            shown = card.card(found)
            charts = [_with_numbers(chart) for chart in shown["charts"]]
            page = in_order(found.rulings.all(), request, "rulings_from")
            context |= {
                "card": shown,
                "charts": charts,
                "rulings": _rulings(found, page.rows),
                "page_of_rulings": page,
            }
        return self.render(context)


def _with_numbers(chart: card.Chart) -> dict[str, Any]:
    """A chart for a page, with its numbers as a table."""
    columns = [Column(head, itemgetter(place)) for place, head in enumerate(chart.heads)]
    numbers = table(columns, chart.rows, stacked=False)
    return {"title": chart.title, "image": chart.image, "numbers": numbers}


def report_shown(assessment: Assessment) -> list[tuple[str, str]]:
    """The self-report as (title of the indicator, words of the provider)."""
    titles = {leaf["key"]: leaf["title"] for leaf in assessment.round.scheme.leaves}
    return [(titles.get(key, key), words) for key, words in assessment.report.items()]


def _rulings(assessment: Assessment, rulings: list[Ruling]) -> list[dict[str, Any]]:
    """The rulings beside the sheets, in words."""
    scheme = assessment.round.scheme
    vetoes = {veto["key"]: veto["title"] for veto in scheme.vetoes}
    positions = {str(case.pk): case.position for case in assessment.cases.all()}
    found = []
    for ruling in rulings:
        key, _at, case = ruling.key.partition("@")
        leaf = scheme.leaf(key)
        title = leaf["title"] if leaf else vetoes.get(key, key)
        if case:
            title = f"{title} · " + _("个案 %(n)s") % {"n": positions.get(case, "")}
        value = {
            RulingKind.MODERATION: _("定为 %(n)s 级") % {"n": int(ruling.value)},
            RulingKind.VETO: _("成立") if ruling.value else _("不成立"),
            RulingKind.APPEAL: _("改为权重的 %(n).0f%%") % {"n": ruling.value * 100},
        }[RulingKind(ruling.kind)]
        found.append({"ruling": ruling, "title": title, "value": value})
    return found


def figures_shown(kept: dict[str, Any], survey: dict[str, Any]) -> list[dict[str, Any]]:
    """Every automatic measure with its figure in words, or the words for no data."""
    if not kept:
        return []
    shown = []
    for key, measure in MEASURES.items():
        figure = figure_of(key, kept, survey)
        row: dict[str, Any] = {"measure": measure, "figure": figure}
        if figure is not None:
            row["value"] = measures.written(key, figure.value)
            row["raw"] = measures.written(key, figure.raw)
            if figure.low != figure.high:
                row["low"] = measures.written(key, figure.low)
                row["high"] = measures.written(key, figure.high)
            if figure.expected is not None:
                row["expected"] = measures.written(key, figure.expected)
            if key == "satisfaction":
                asked = kept["counts"].get("completed_yes", 0)
                row["asked"] = f"{min(1, figure.n / asked):.0%}" if asked else ""
        shown.append(row)
    return shown


def _no_data(row: dict[str, Any]) -> SafeString:
    """The value of a measure, or the words for no data."""
    words = format_html('<span class="text-muted">{}</span>', _("无数据"))
    return row["value"] if row["figure"] else words


def _interval(row: dict[str, Any]) -> str:
    """The interval in which the true value lies, where it is known."""
    return f"{row['low']} — {row['high']}" if "low" in row else "—"


#: The columns of automatic measures.
FIGURES = (
    Column(gettext_lazy("指标"), lambda row: row["measure"].title),
    Column(gettext_lazy("值"), _no_data, "money"),
    Column(gettext_lazy("95% 区间"), _interval),
    Column(gettext_lazy("样本"), lambda row: row["figure"].n if row["figure"] else 0, "money"),
    Column(
        gettext_lazy("说明"),
        drawn("evaluations/assessments/figure_note.html", "row"),
        "text-muted text-small",
    ),
)


def figures_table(figures: list[dict[str, Any]], records: str) -> SafeString:
    """Automatic measures as a table; each links to its records, which lie below the address ``records``."""
    return table(FIGURES, figures, address=lambda row: f"{records}{row['measure'].key}/")


def frozen_figures(assessment: Assessment) -> SafeString:
    """The measures of an assessment as a table, as they were frozen; "" before that."""
    figures = figures_shown(assessment.evidence, assessment.round.scheme.survey)
    address = reverse("assessment", args=[assessment.pk])
    return figures_table(figures, f"{address}records/") if figures else SafeString("")


class ShowEvidenceFile(Page):
    """A file that a provider handed in as evidence."""

    access = access(GET=JUDGES_AND_JUDGED)

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        found = find_visible(Assessment, self.actor, pk=pk).files.filter(pk=file).first()
        if found is None:
            raise Http404
        return file_answer(found.plain(), found.kind)


class ShowRecords(Page):
    """The records behind one figure of a round."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/indicators/records.html"

    def get(self, request: HttpRequest, pk: int, measure: str) -> HttpResponse:
        found = find_visible(Assessment, self.actor, pk=pk)
        round_ = found.round
        context = records_of(measure, found.provider_id, round_.period_from, round_.period_to, self)
        kept = found.evidence.get("counts", {})
        own = MEASURES[measure]
        context |= {
            "object": found,
            "back": found.get_absolute_url(),
            "provider": found.provider,
            "frozen": (kept.get(own.yes, 0), kept.get(own.all, 0)) if found.evidence else None,
        }
        return self.render(context)


def records_of(key: str, provider_id: int, first: Any, last: Any, page: Page) -> dict[str, Any]:
    """The rows of a measure over a period, as a table: those that the request of ``page`` asks for.

    Raises ``Http404`` for a measure that does not exist, and for a position behind the last row.
    """
    if key not in MEASURES:
        raise Http404
    measure = MEASURES[key]
    start = position(page.request)
    found, yes, every = evidence.rows(key, provider_id, first, last, page.actor, start=start, most=PAGE + 1)
    if start and not found:
        raise Http404
    rows = in_order_from(start, found, page.request, most=PAGE)
    columns = (
        Column(_("记录"), "words"),
        Column(_("时间"), lambda row: moment(row.at)),
        Column(_("个案类型"), lambda row: evidence.mix_words(row.mix) or "—"),
        Column(_("计入"), lambda row: evidence.outcome(measure, row)),
    )
    shown = table(columns, rows, address=attrgetter("address"))
    return {
        "measure": measure,
        "table": shown if rows else "",
        "yes": yes,
        "every": every,
        "first": first,
        "last": last,
        "rows": rows,
        "share": f"{yes / every:.1%}" if every and measure.written == measures.SHARE else "",
    }
