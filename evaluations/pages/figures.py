"""Running figures of providers, their definitions, and what leaves its limits."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations import charts, defaults, evidence, formulas, measures, tallies, warning
from evaluations.lifecycle import SignalStatus
from evaluations.measures import MEASURES, Measure
from evaluations.models import Signal, Tally, TallySpan
from evaluations.pages.judging import figures_shown, records_of
from evaluations.pages.rounds import OVERSIGHT, WITH_PROVIDERS
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.lists import ListPage
from foundation.pages.paging import leaf
from foundation.pages.tables import Column, state_of
from foundation.roles import Role
from foundation.rules import reading
from foundation.wording import day
from organizations.models import Provider

#: Weeks that a chart goes back.
WEEKS_SHOWN = 34


class Definitions(Page):
    """What every measure counts, how it is adjusted, and where the formula comes from."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/definitions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        counted = Provider.objects.filter(pk__in=Tally.objects.values("provider_id"))
        if self.actor.role == Role.COORDINATOR:
            counted = counted.filter(organization_id=self.actor.organization)
        page = leaf(counted.select_related("organization"), request)
        return self.show(
            {
                "measures": [_defined(each) for each in MEASURES.values()],
                "page": page,
                "span": TallySpan.objects.filter(pk=1).first(),
                "survey": defaults.survey(),
            }
        )


def _defined(measure: Measure) -> tuple[Measure, str, str]:
    """A measure with the values that bring no points and all of them, in words."""
    ends = (formulas.exactly(each) for each in (measure.zero, measure.full))
    zero, full = (measures.written(measure.key, each) for each in ends)
    return measure, zero, full


def _provider(page: Page, pk: int) -> Provider:
    provider = find_visible(Provider, page.actor, pk=pk)
    if not evidence.may_open(page.actor, provider):
        raise Http404
    return provider


class ProviderFigures(Page):
    """One provider's figures of the last 365 days, each opening what it counts."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/provider_figures.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        provider = _provider(self, pk)
        return self.show(
            {
                "provider": provider,
                "figures": figures_shown(tallies.kept(pk), defaults.survey()),
                "span": tallies.window(),
                "signals": Signal.objects.visible_to(self.actor).filter(provider=provider)[:10],
            }
        )


class ProviderRecords(Page):
    """The records behind one figure of the last 365 days."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/records.html"

    def get(self, request: HttpRequest, pk: int, measure: str) -> HttpResponse:
        provider = _provider(self, pk)
        span = tallies.window()
        context = records_of(measure, pk, span.first, span.last, self.actor)
        back = reverse("provider-figures", args=[pk])
        return self.show({**context, "object": provider, "provider": provider, "back": back})


class Signals(ListPage):
    """What left its limits, newest first, and who has the most of it."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/signals.html"
    choices = MappingProxyType({"status": SignalStatus.choices})
    columns = (
        Column(gettext_lazy("机构和指标"), str),
        Column(gettext_lazy("周"), lambda row: day(row.week)),
        Column(gettext_lazy("本周"), lambda row: measures.written(row.measure, row.value)),
        Column(
            gettext_lazy("平常范围"),
            lambda row: (
                f"{measures.written(row.measure, row.low)} — {measures.written(row.measure, row.high)}"
            ),
        ),
        state_of(Signal),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Signal.objects.visible_to(self.actor).select_related("provider__organization")
        overseeing = self.actor.role in OVERSIGHT
        return self.show_list(
            found, standings=warning.standings() if overseeing else [], rule=reading.current(warning.CHARTS)
        )


class ShowSignal(Page):
    """One signal with its control chart."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/signal.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Signal, self.actor, pk=pk)
        return self.show(
            {
                "object": found,
                "moves": found.moves_for(self.actor),
                "measure": MEASURES[found.measure],
                "value": measures.written(found.measure, found.value),
                "centre": measures.written(found.measure, found.centre),
                "low": measures.written(found.measure, found.low),
                "high": measures.written(found.measure, found.high),
                "beyond": found.test == warning.BEYOND,
                "chart": _chart(found),
                "rule": reading.current(warning.CHARTS),
                "timeline": timeline.told([found]),
            }
        )


def _chart(signal: Signal) -> dict[str, Any] | None:
    """The weeks up to the signal; None where too few are there to draw."""
    first = signal.week - timedelta(weeks=WEEKS_SHOWN)
    own = warning.weekly(first, signal.week + timedelta(days=6), [signal.provider_id])
    # Where it has too few weeks of its own, the centre is the one that the signal was raised by.
    centre = Fraction(signal.centre).as_integer_ratio()
    rule = reading.current(warning.CHARTS).value
    weeks = own.get(signal.provider_id, {})
    points = warning.chart(signal.measure, weeks, centre, signal.week, rule)
    if len(points) < 2:
        return None
    factor = 100 if MEASURES[signal.measure].written == measures.SHARE else 1
    numbers = {
        name: [round(float(getattr(each, name)) * factor, 2) for each in points]
        for name in ("value", "centre", "low", "high")
    }
    labels = [f"{each.week:%m-%d}" for each in points]
    names = _("每周"), _("平常水平"), _("下限"), _("上限")
    image = charts.control(
        labels, numbers["value"], numbers["centre"], numbers["low"], numbers["high"], names
    )
    rows = [
        (day(each.week), measures.written(signal.measure, each.value), each.n) for each in reversed(points)
    ]
    return {"image": charts.as_image(image), "rows": rows}
