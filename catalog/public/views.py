"""The public pages of the catalog and of its editions, whose addresses never change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.comparisons import comparing
from catalog.comparisons.documents import DIFFERENCE
from catalog.comparisons.models import Pair
from catalog.editions.documents import NOTICE, header
from catalog.editions.models import Edition
from catalog.items import eligibility, standards
from catalog.items.fields import place_names
from catalog.items.models import Item, ItemQuerySet
from catalog.offers.models import Offer
from catalog.public import feed, publication
from catalog.public.cards import cards, headings
from catalog.public.filters import ItemFilter
from catalog.sheets import writing
from foundation import moments
from foundation.documents import making
from foundation.documents.models import Document
from foundation.forms import typed
from foundation.forms.fields import DayField
from foundation.permissions import ANYONE, access
from foundation.roles import Actor
from foundation.ui.lists import ListPage
from foundation.ui.pagination import paginate
from foundation.ui.tables import Column, state_of, table
from foundation.ui.views import Page
from foundation.wording import day
from organizations.providers.models import in_good_standing


def readable(pk: int, actor: Actor | None) -> Edition:
    """The edition if it is published or the actor may see it; raises ``Http404`` otherwise."""
    seen = Edition.objects.visible_to(actor) if actor else Edition.objects.published()
    return get_object_or_404(seen.select_related("issuer", "corrects"), pk=pk)


#: Services for people first, then administrative ones.
PEOPLE_FIRST = ("-kind", "code")


def listing(
    request: HttpRequest, edition: Edition | None, items: ItemQuerySet, order: tuple[str, ...] = ("code",)
) -> dict[str, Any]:
    """The context of a list of items, by the filters, text and page in the address."""
    found = ItemFilter(request.GET, queryset=items)
    number = typed.whole_number(request.GET.get("page", ""), longest=5) or 1
    wanted = found.qs if found.form.is_valid() else items.none()
    leaf = publication.listed(wanted, number, order)
    names = headings(edition) if edition else {}
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "edition": edition,
        "filter": found,
        "asked": request.GET.get("q", "").strip(),
        "narrowed": any(value for name, value in query.items() if name != "q"),
        "query": query.urlencode(),
        "leaf": leaf,
        "classes": _classes(leaf, names),
        "groups": [(code, name) for code, name in names.items() if len(code) == 1],
        "group": request.GET.get("group", ""),
    }


_ROW = '<article class="catalog-item">{}<span class="text-small">{}</span></article>'


def _classes(leaf: publication.ItemListPage, names: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of a page under their headings.

    Each row is joined here, since looping over fifty cards in a template costs more than fetching them.
    """
    drawn = cards(row.item for row in leaf.rows)
    classes: list[dict[str, Any]] = []
    for row, words in zip(leaf.rows, publication.in_words(leaf.rows), strict=True):
        code = row.code[:3]
        if not classes or classes[-1]["code"] != code:
            heading = {"code": code, "name": names.get(code, ""), "group": names.get(code[:1], "")}
            classes.append({**heading, "rows": []})
        classes[-1]["rows"].append((drawn[row.item], words))
    for kind in classes:
        kind["rows"] = format_html_join("", _ROW, kind["rows"])
    return classes


class Catalog(Page):
    """The catalog in force: search, filters, pages."""

    access = access(GET=ANYONE)
    template = "portal/catalog.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        edition = Edition.objects.in_force().first()
        template = "portal/catalog_items.html" if self.request.htmx else self.template
        items = edition.items.valid_on(moments.today()) if edition else Item.objects.none()
        return self.render(listing(request, edition, items, PEOPLE_FIRST), template=template)


class ShowEdition(Page):
    """One published edition as a notice: header, items, files, and the edition before it."""

    access = access(GET=ANYONE)
    template = "portal/edition.html"

    def get(self, request: HttpRequest, edition: int) -> HttpResponse:
        found = get_object_or_404(
            Edition.objects.published().select_related("issuer", "corrects"), pk=edition
        )
        context = listing(request, found, found.items.all())
        if self.request.htmx:
            return self.render(context, template="portal/catalog_items.html")
        terms = list(found.terms.all())
        return self.render(
            {
                **context,
                "header": header(found),
                "terms": terms,
                "before": _previous_edition(found, terms),
                "corrections": found.corrections.published(),
            }
        )


def _previous_edition(edition: Edition, terms: list[Any]) -> Edition | None:
    """The edition in force before this one."""
    first = terms[0].starts if terms else edition.in_force_from
    earlier = Edition.objects.published().filter(terms__starts__lt=first).exclude(pk=edition.pk)
    return earlier.order_by("-terms__starts").first()


#: The columns of an item's standards as (words, measure and target), and of its offers.
STANDARDS = (Column(gettext_lazy("标准"), itemgetter(0)), Column(gettext_lazy("怎么衡量"), itemgetter(1)))
OFFERS = (
    Column(gettext_lazy("机构"), "provider"),
    Column(gettext_lazy("所在地"), "provider.organization.place"),
    Column(gettext_lazy("服务时间"), "hours", "text-small"),
    Column(gettext_lazy("空位"), lambda offer: _("有空位") if offer.free else _("需等候")),
)


def _provider_page(offer: Offer) -> str:
    """The public page of the provider that offers an item."""
    return reverse("public-provider", args=[offer.provider.organization.code])


def _standards(item: Item) -> list[tuple[str, str]]:
    """The standards of an item in words, each with how it is measured and what is to be reached."""
    return [
        (words, f"{standard['measure']} {standards.target_of(standard)}")
        for words, standard in zip(item.local_standards, item.standards, strict=True)
    ]


class ShowItem(Page):
    """One item: description, price, who gives it, how to apply."""

    access = access(GET=ANYONE)
    template = "portal/item.html"

    def get(self, request: HttpRequest, edition: int, code: str) -> HttpResponse:
        found = readable(edition, self.actor)
        item = get_object_or_404(found.items.select_related("body").defer("search"), code=code)
        offers = (
            Offer.objects.serving()
            .filter(in_good_standing(through="provider__"), item=item)
            .select_related("provider__organization__place")
        )
        page = paginate(offers, request)
        places = place_names()
        names = {
            heading.code: heading.local_name
            for heading in found.headings.filter(code__in=[item.group_code, item.class_code])
        }
        newer = Item.objects.in_force().filter(code=code).exclude(edition=found).first()
        return self.render(
            {
                "item": item,
                "edition": found,
                "group": names.get(item.group_code, ""),
                "class": names.get(item.class_code, ""),
                "page": page,
                "table": table(OFFERS, page, address=_provider_page, plain=True),
                "conditions": eligibility.conditions(item),
                "standards": table(STANDARDS, _standards(item), stacked=False, plain=True),
                "places": [places.get(place, place) for place in item.places],
                "newer": newer,
            }
        )


class Archive(ListPage):
    """All published editions, and the one in force on a day."""

    access = access(GET=ANYONE)
    template = "portal/editions.html"
    columns = (
        Column(gettext_lazy("目录"), "local_title"),
        Column(gettext_lazy("文件编号"), "document_number"),
        Column(gettext_lazy("公开日期"), lambda row: day(row.published_on)),
        Column(gettext_lazy("施行期"), "days_in_words"),
        state_of(Edition),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        asked, fault = _asked_day(request)
        published = Edition.objects.published().prefetch_related("terms")
        shown: dict[str, Any] = {"asked_day": request.GET.get("on", ""), "fault": fault}
        if asked:
            then = Edition.objects.in_force_on(asked).first()
            shown |= {"day": asked, "then": then, "items": publication.in_force_on(asked)}
        return self.show_all(published, status=422 if fault else 200, **shown)

    def address_of(self, row: Edition) -> str:
        """The public page of the edition."""
        return row.public_address()


def _asked_day(request: HttpRequest) -> tuple[date | None, str]:
    """The day in the address, and what is wrong with it."""
    text = request.GET.get("on", "").strip()
    if not text:
        return None, ""
    field = DayField(required=True)
    try:
        return field.clean(text), ""
    except ValidationError as fault:
        return None, " ".join(fault.messages)


class Download(Page):
    """An edition as a file. Files of published editions are cached, since they never change."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, edition: int, kind: str) -> HttpResponseBase:
        if kind not in FILES:
            raise Http404
        found = readable(edition, self.actor)
        stamp = f"{found.pk} {found.revision} {found.validity} {kind}"
        etag = f'"{hashlib.sha256(stamp.encode()).hexdigest()[:32]}"'
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        make, mime = FILES[kind]
        content = cache.get_or_set(etag, lambda: make(found)) if found.published else make(found)
        answer = HttpResponse(content, content_type=mime)
        answer["ETag"] = etag
        kept = "public, max-age=300" if found.published else "private, no-cache"
        answer["Cache-Control"] = kept
        shown = "inline" if kind == "json" else "attachment"
        answer["Content-Disposition"] = f'{shown}; filename="catalog-{found.pk}.{kind}"'
        return answer


def _json(edition: Edition) -> bytes:
    return JsonResponse(
        publication.as_json(edition), json_dumps_params={"ensure_ascii": False, "indent": 1}
    ).content


FILES: dict[str, tuple[Callable[[Edition], bytes], str]] = {
    "xlsx": (writing.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (writing.as_csv, "text/csv; charset=utf-8"),
    "json": (_json, "application/json"),
}


def _document(kind: making.DocumentKind, subject: Any, actor: Actor | None) -> HttpResponse:
    """A redirect to the finished document, or to the page that shows its progress."""
    document: Document = making.request(kind, subject, by=actor)
    if document.ready:
        return redirect("document-file", document.code)
    return redirect(document)


class Notice(Page):
    """The official notice as a PDF, made in the background."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, edition: int) -> HttpResponse:
        return _document(NOTICE, readable(edition, self.actor), self.actor)


class Difference(Page):
    """The difference between two editions, field by field."""

    access = access(GET=ANYONE)
    template = "portal/difference.html"

    def get(self, request: HttpRequest, older: int, newer: int) -> HttpResponse:
        found = comparing.compare(readable(older, self.actor), readable(newer, self.actor))
        return self.render({"difference": found, "older": found.older, "newer": found.newer})


class DifferenceData(Page):
    """The difference between two editions as JSON."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, older: int, newer: int) -> HttpResponse:
        found = comparing.compare(readable(older, self.actor), readable(newer, self.actor))
        return JsonResponse(found.as_json(), json_dumps_params={"ensure_ascii": False})


class DifferenceNotice(Page):
    """The difference between two editions as a PDF."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, older: int, newer: int) -> HttpResponse:
        first, second = readable(older, self.actor), readable(newer, self.actor)
        pair, _new = Pair.objects.get_or_create(older=first, newer=second)
        return _document(DIFFERENCE, pair, self.actor)


class ItemsOn(Page):
    """The items in force on a day as JSON: ``?on=2026-03-05`` (by default today)."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest) -> HttpResponse:
        day, fault = _asked_day(request)
        if fault:
            problem = {"type": "/problems/invalid", "title": _("内容有误"), "status": 400}
            return JsonResponse(
                {**problem, "errors": {"on": [fault]}}, status=400, content_type="application/problem+json"
            )
        day = day or moments.today()
        edition = Edition.objects.in_force_on(day).first()
        return JsonResponse(
            {
                "on": day,
                "edition": edition.pk if edition else None,
                "items": [
                    {"code": item.code, "name": item.name, "edition": item.edition_id}
                    for item in publication.in_force_on(day)
                ],
            },
            json_dumps_params={"ensure_ascii": False},
        )


class ShowFeed(Page):
    """The feed of published editions."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest) -> HttpResponse:
        return feed.Publications()(request)
