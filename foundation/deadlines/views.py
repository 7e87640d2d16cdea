"""Pages of deadlines: pause, resume, the overdue register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clauses.quoting import quoted_and_linked
from foundation.deadlines import clocks
from foundation.deadlines.forms import Pause
from foundation.deadlines.models import Clock, Overdue
from foundation.forms.actions import ActionForm
from foundation.lifecycle.table import LIFECYCLES
from foundation.permissions import access
from foundation.refusals import Refused
from foundation.roles import IN_CHARGE, OVERSEERS, Actor
from foundation.rules.reading import title_of
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, under
from foundation.ui.views import FormPage, Page, find_visible
from foundation.wording import day, until


def _clock(actor: Actor, pk: int) -> tuple[Clock, Any]:
    """A running clock on an object that the actor may see; raises ``Http404`` otherwise."""
    clock = get_object_or_404(Clock, pk=pk, stopped_at=None)
    return clock, find_visible(LIFECYCLES[clock.lifecycle].model, actor, pk=clock.object_id)


class PauseClock(FormPage):
    """The form to pause a clock, for a listed cause."""

    access = access(GET=IN_CHARGE, POST=IN_CHARGE)

    def form_class(self) -> type[ActionForm]:
        return Pause

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": _clock(self.actor, self.kwargs["pk"])[1]}

    def get_context_data(self) -> dict[str, Any]:
        clock, obj = _clock(self.actor, self.kwargs["pk"])
        return {
            "title": _("暂停计时"),
            "button": _("暂停计时"),
            "object": obj,
            "back": obj.get_absolute_url(),
            "open_now": not clock.paused and clocks.may_pause(clock, obj, self.actor),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        clock, obj = _clock(self.actor, self.kwargs["pk"])
        clocks.pause(clock, by=self.actor, **form.given())
        return redirect(obj.get_absolute_url())


class ResumeClock(Page):
    """Resume a paused clock."""

    access = access(POST=IN_CHARGE)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        clock, obj = _clock(self.actor, pk)
        try:
            clocks.resume(clock, by=self.actor)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        return redirect(obj.get_absolute_url())


def _basis(line: Overdue) -> SafeString:
    """The clause and the rule that was missed."""
    rule = '<span>{} <span class="text-muted text-small">{}</span></span>'
    return format_html(rule, quoted_and_linked(line.basis), title_of(line.rule_key))


def _by_now(line: Any) -> SafeString:
    """Whether it has been done by now, and how often it was pressed for; what a correction says, whether it was corrected,
    and whether that was put right in its turn.
    """
    clock = line.clock
    if line.corrects_id:
        return _correction(line)
    if hasattr(line, "correction"):
        return _corrected(line)
    if clock.stopped_at:
        return format_html("{} {}", chip(_("已办理"), "done", "circle-check"), day(clock.stopped_at))
    shown = chip(_("仍未办理"), "late", "circle-alert")
    return _beside(shown, _("督办 %(n)s 次") % {"n": clock.escalated}) if clock.escalated else shown


def _correction(line: Any) -> SafeString:
    """A correction with its reason; one that holds no longer says so."""
    if line.entered_again_by:
        words = _("%(reason)s。后来的放假安排使这条更正不再成立，逾期已重新登记。") % {"reason": line.reason}
        return _beside(chip(_("更正，已不成立"), "late", "redo-2"), words)
    return _beside(chip(_("更正"), "calm", "undo-2"), line.reason)


def _corrected(line: Any) -> SafeString:
    """That a line was corrected, and whether it was entered again."""
    if line.entered_again_by:
        return chip(_("更正过，后来重新登记"), "late", "redo-2")
    return chip(_("已更正，不算逾期"), "calm", "undo-2")


def _beside(shown: SafeString, words: str) -> SafeString:
    """A chip with words beside it, which are one on a phone."""
    return format_html('<span>{} <span class="text-small">{}</span></span>', shown, words)


class OverdueRegister(ListPage):
    """The register of missed deadlines; append-only."""

    access = access(GET=OVERSEERS)
    template = "foundation/deadlines/overdue.html"
    columns = (
        Column(gettext_lazy("对象"), "object_name"),
        Column(gettext_lazy("等谁办理"), "awaited"),
        Column(gettext_lazy("到期"), lambda row: until(row.due_at)),
        Column(gettext_lazy("依据"), _basis),
        Column(gettext_lazy("现在"), _by_now),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Overdue.objects.with_what_followed().select_related("clock", "correction"))

    def address_of(self, row: Overdue) -> str:
        """The page of the object that was late."""
        return row.link

    def mark(self, row: Overdue) -> SafeString:
        """The kind of the object, under its name."""
        return under(LIFECYCLES[row.lifecycle].title)
