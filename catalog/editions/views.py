"""Pages about editions, for those who draft them and comment on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from catalog.comments.models import Comment
from catalog.comparisons import comparing
from catalog.editions import counting, effects
from catalog.editions.models import Edition, EditionEffect
from catalog.items import editing
from catalog.items.models import Item
from catalog.permissions import civil_affairs
from catalog.sheets.states import ImportStatus
from foundation.journal import timeline
from foundation.permissions import access
from foundation.refusals import Refused
from foundation.roles import BUYING_AND_PAYING, READS_EDITIONS, SEES_MONEY
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, or_dash, state_of, table, under
from foundation.ui.views import Page, find_visible
from foundation.wording import figure


class Editions(ListPage):
    """Every edition that the reader may see."""

    access = access(GET=READS_EDITIONS)
    template = "catalog/editions/editions.html"
    columns = (
        Column(gettext_lazy("标题"), "local_title"),
        Column(gettext_lazy("文件编号"), lambda row: or_dash(row.document_number)),
        Column(gettext_lazy("施行期"), lambda row: or_dash(row.days_in_words)),
        state_of(Edition),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = Edition.objects.visible_to(self.actor).prefetch_related("terms")
        return self.show_all(seen)


def _change(item: Item) -> SafeString:
    """The link to change an item of a draft."""
    address = reverse("item-change", args=[item.edition_id, item.code])
    return format_html('<a href="{}">{}</a>', address, _("修改"))


def _described(item: Item) -> SafeString:
    """The kind, funding and standards of an item, under its name."""
    standards = "\uff1b".join(item.local_standards)
    return under(f"{item.get_kind_display()} · {item.get_funding_display()} · {standards}")


#: The columns of the items of an edition; the link to change one stands last, while it may be.
ITEMS = (
    Column(gettext_lazy("代码"), "code", "nowrap"),
    Column(gettext_lazy("项目"), "local_name"),
    Column(gettext_lazy("单位"), "local_unit"),
    Column(
        gettext_lazy("指导价"), lambda item: f"{figure(item.price_low)}–{figure(item.price_high)}", "money"
    ),
    Column(gettext_lazy("最高限价"), lambda item: figure(item.price_ceiling), "money"),
)
CHANGE = Column(gettext_lazy("操作"), _change, on_phone="")


class ShowEdition(Page):
    """One edition: items, comments, the transitions open to the reader, and its timeline."""

    access = access(GET=READS_EDITIONS)
    template = "catalog/editions/edition.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = find_visible(Edition, self.actor, pk=pk)
        given = Comment.objects.visible_to(self.actor).filter(edition=edition).select_related("body")
        comments = in_order(given, request, "comments_from")
        answering = Comment.lifecycle.open_to(comments.rows, self.actor)
        officer = civil_affairs.admits(self.actor, edition)
        may_change = officer and edition.drafted and not editing.kept_from_editing(edition, self.actor)
        others = Edition.objects.visible_to(self.actor).exclude(pk=edition.pk)
        in_force = Edition.objects.in_force().exclude(pk=edition.pk).first()
        return self.render(
            {
                "object": edition,
                "groups": _under_headings(edition, (*ITEMS, CHANGE) if may_change else ITEMS),
                "comments": [(comment, answering[comment.pk]) for comment in comments],
                "page_of_comments": comments,
                "parts_open": any(answering.values()),
                "transitions": edition.transitions_for(self.actor),
                "timeline": timeline.entries_of([edition]),
                "may_comment": self.may_open("comment-new-give") and edition.takes_comments,
                "may_change": may_change,
                "may_correct": officer and edition.published,
                "sees_effect": self.may_open("edition-effect", edition.pk) and not edition.published,
                "imports": edition.imports.visible_to(self.actor).filter(
                    status__in=ImportStatus.unfinished()
                ),
                "in_force": in_force,
                "others": others[:20],
            }
        )


def _under_headings(edition: Edition, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Headings in the order of codes, each with its items as a table."""
    headings: dict[str, dict[str, Any]] = {
        heading.code: {"heading": heading, "items": []} for heading in edition.headings.all()
    }
    for item in edition.items.select_related("body").defer("search"):
        place = headings.setdefault(item.class_code, {"heading": None, "items": []})
        place["items"].append(item)
    for place in headings.values():
        items = place.pop("items")
        shown = table(columns, items, address=Item.get_absolute_url, mark=_described, names=1)
        place["table"] = shown if items else ""
    return [headings[code] for code in sorted(headings)]


#: The columns of what an edition affects.
AFFECTED = (
    Column(gettext_lazy("项目"), "code"),
    Column(gettext_lazy("对象"), "words"),
    Column(gettext_lazy("结果"), "consequence"),
)


class ShowEffect(Page):
    """What an edition affects, and what its prices cost (CNY a year); POST has it counted anew."""

    access = access(GET=SEES_MONEY, POST=BUYING_AND_PAYING)
    template = "catalog/editions/effect.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = find_visible(Edition, self.actor, pk=pk)
        kept = counting.effect_kept(edition)
        if self.request.htmx:
            return self._progress(edition, kept)
        difference = comparing.compare(effects.compared_with(edition), edition)
        context: dict[str, Any] = {
            "object": edition,
            "kept": kept,
            "difference": difference,
            "soon": kept is None and counting.counts_by_itself(edition),
            "may_count": self.access.allows("POST", self.actor.role) and not edition.published,
        }
        if kept and kept.ready:
            effect = counting.read(kept, edition)
            kinds = [(kind, table(AFFECTED, kind.rows, names=1)) for kind in effect.kinds]
            context |= {"effect": effect, "kinds": kinds, "difference": effect.difference}
        return self.render(context)

    def _progress(self, edition: Edition, kept: EditionEffect | None) -> HttpResponse:
        """The progress alone; once there is none, the page is loaded anew."""
        if kept is None or not kept.waiting:
            return HttpResponseClientRefresh()
        context = {"object": edition, "kept": kept}
        return self.render(context, template="catalog/editions/effect_state.html")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = find_visible(Edition, self.actor, pk=pk)
        try:
            counting.request(edition)
        except Refused as refusal:
            messages.warning(request, str(refusal.message))
        return redirect("edition-effect", pk)
