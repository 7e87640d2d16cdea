"""Pages of the running figures of providers, and of the definitions of measures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from evaluations.assessments.views import figures_shown, figures_table, records_of
from evaluations.indicators import evidence, formulas, measures, tallies
from evaluations.indicators.measures import MEASURES, Measure
from evaluations.indicators.models import Tally, TallySpan
from evaluations.permissions import READS_FIGURES
from evaluations.schemes import defaults
from evaluations.warnings.models import Signal
from foundation.parties import seen_by
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED
from foundation.ui.pagination import paginate
from foundation.ui.views import Page, find_visible
from organizations.providers.models import Provider


class Definitions(Page):
    """The definition of every measure, how it is adjusted, and the source of its formula."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/indicators/definitions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        counted = Provider.objects.filter(pk__in=Tally.objects.values("provider_id"))
        read = seen_by(Provider, READS_FIGURES, self.actor)
        if read is not None:
            counted = counted.filter(read)
        page = paginate(counted.select_related("organization"), request)
        return self.render(
            {
                "measures": [_defined(measure) for measure in MEASURES.values()],
                "page": page,
                "span": TallySpan.objects.filter(pk=1).first(),
                "survey": defaults.survey(),
            }
        )


def _defined(measure: Measure) -> tuple[Measure, str, str]:
    """A measure with the values that bring no points and all points, in words."""
    ends = (formulas.exactly(end) for end in (measure.zero, measure.full))
    zero, full = (measures.written(measure.key, end) for end in ends)
    return measure, zero, full


def _provider(page: Page, pk: int) -> Provider:
    provider = find_visible(Provider, page.actor, pk=pk)
    if not evidence.may_open(page.actor, provider):
        raise Http404
    return provider


class ProviderFigures(Page):
    """The figures of one provider over the last 365 days, each with a link to its records."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/indicators/provider_figures.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        provider = _provider(self, pk)
        span = tallies.window()
        figures = figures_shown(tallies.stored(pk, span), defaults.survey())
        return self.render(
            {
                "provider": provider,
                "figures": figures_table(figures, reverse("provider-figures", args=[pk])),
                "span": span,
                "signals": Signal.objects.visible_to(self.actor).filter(provider=provider)[:10],
            }
        )


class ProviderRecords(Page):
    """The records behind one figure of the last 365 days."""

    access = access(GET=JUDGES_AND_JUDGED)
    template = "evaluations/indicators/records.html"

    def get(self, request: HttpRequest, pk: int, measure: str) -> HttpResponse:
        provider = _provider(self, pk)
        span = tallies.window()
        context = records_of(measure, pk, span.first, span.last, self)
        back = reverse("provider-figures", args=[pk])
        return self.render({**context, "object": provider, "provider": provider, "back": back})
