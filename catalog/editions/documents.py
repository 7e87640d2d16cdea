"""The official notice of an edition as a PDF."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalog.editions.models import Edition
from catalog.items import eligibility, standards
from catalog.items.fields import place_names
from catalog.items.models import Item
from foundation.city import reading
from foundation.columns import column_of
from foundation.documents import making
from foundation.documents.making import DocumentKind, declare
from foundation.roles import Actor


def _notice(edition: Edition) -> dict[str, Any]:
    """The data of the notice."""
    rows = header(edition)
    return {
        "header": list(zip(rows[::2], rows[1::2], strict=True)),
        "title": edition.title,
        "note": edition.note,
        "issuer": edition.issuer.name,
        "carries_out": reading.current().document_cited,
        "number": edition.document_number,
        "dated_on": edition.dated_on,
        "in_force_from": edition.in_force_from,
        "published": edition.published,
        "corrects": str(edition.corrects) if edition.corrects else "",
        "correction_reason": edition.correction_reason,
        "withdrawal": edition.withdrawal,
        "groups": contents(edition),
    }


def header(edition: Edition) -> list[tuple[str, Any]]:
    """The disclosure header (name and value), in the order that the opinion's own header has."""

    def row(name: str) -> tuple[str, Any]:
        return str(column_of(Edition, name).verbose_name), getattr(edition, name)

    return [
        row("index_number"),
        row("document_number"),
        (_("发布机构"), edition.issuer.name),
        row("dated_on"),
        row("published_on"),
        row("disclosure_period"),
        row("disclosure_form"),
        row("disclosure_manner"),
        row("disclosure_scope"),
        (_("有效期"), edition.valid_until or _("长期")),
        row("procedure"),
        row("genre"),
        row("topic"),
        row("keywords"),
        row("in_force_from"),
        (_("效力状况"), edition.validity),
    ]


def contents(edition: Edition) -> list[dict[str, Any]]:
    """Groups with their classes with their items, as plain values, in three queries."""
    places = place_names()
    names = {heading.code: heading.name for heading in edition.headings.all()}
    groups: dict[str, dict[str, Any]] = {}
    for item in edition.items.select_related("body").defer("search"):
        group = groups.setdefault(
            item.group_code, {"code": item.group_code, "name": names.get(item.group_code, ""), "classes": {}}
        )
        below = group["classes"].setdefault(
            item.class_code, {"code": item.class_code, "name": names.get(item.class_code, ""), "items": []}
        )
        below["items"].append(_item(item, places))
    return [{**group, "classes": list(group["classes"].values())} for group in groups.values()]


def _item(item: Item, places: dict[str, str]) -> dict[str, Any]:
    """One item as the notice shows it."""
    return {
        "code": item.code,
        "name": item.name,
        "kind": item.get_kind_display(),
        "unit": item.unit,
        "price_low": item.price_low,
        "price_high": item.price_high,
        "price_ceiling": item.price_ceiling,
        "body": item.body.name,
        "description": item.description,
        "includes": item.includes,
        "excludes": item.excludes,
        "audience": item.audience_text,
        "eligibility": "；".join(eligibility.conditions(item)),
        "standards": [(standard["text"], _measured(standard)) for standard in item.standards],
        "methods": "、".join(item.method_words),
        "funding": item.get_funding_display(),
        "funding_source": item.funding_source,
        "places": "、".join(places.get(code, code) for code in item.places) or "全市",
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
    }


def _measured(standard: standards.Standard) -> str:
    """The measure of a standard and its target."""
    return f"{standard['measure']} {standards.target_of(standard)}"


def _sees(edition: Edition, actor: Actor) -> bool:
    """Whether the actor sees the edition."""
    return Edition.objects.visible_to(actor).filter(pk=edition.pk).exists()


NOTICE = declare(
    DocumentKind(
        key="catalog-notice",
        subject="catalog.Edition",
        template="documents/catalog_notice.html",
        title=lambda edition: edition.title,
        context=_notice,
        may_read=_sees,
        public=lambda edition: edition.published,
        # Of a published edition only the state changes; changes of a draft are counted by revision.
        stamp=lambda edition: {
            "edition": edition.pk,
            "revision": edition.revision,
            "state": edition.validity,
            "withdrawal": edition.withdrawal,
        },
    )
)


def make_notice(edition_id: int) -> None:
    """Have the notice of a published edition made in the background."""
    edition = Edition.objects.get(pk=edition_id)
    if edition.published:
        making.request(NOTICE, edition, by=None)
