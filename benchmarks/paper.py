"""PDFs, made and sealed, compared with WeasyPrint alone on the same HTML."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from weasyprint import HTML

from benchmarks import leaving
from benchmarks.measuring import Case, Row, in_turns, row_of
from catalog.editions import publishing
from catalog.editions.documents import NOTICE
from catalog.editions.models import Edition
from catalog.items.models import Heading, Item
from demo.starter.places_and_people import actor
from foundation.documents import making
from foundation.documents.models import Document
from foundation.lifecycle.phases import SERVING
from foundation.roles import Actor
from referrals.matters.documents import ACCEPTANCE_SLIP
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus

TARGET = 1.15

#: Items of the large document.
ITEMS = {"small": 60, "full": 500}


def run(scale: str) -> list[Row]:
    """A slip of one page, and an edition; the database is then as it was before."""
    window, drafter = actor("chuangkou"), actor("minzheng")
    with leaving.undone([]):
        matter = (
            Matter.objects.visible_to(window)
            .filter(status__in=MatterStatus.in_phase(SERVING))
            .order_by("-pk")[0]
        )
        edition = _edition(drafter, ITEMS[scale])
        cases = (
            _case("acceptance slip", ACCEPTANCE_SLIP, matter, window),
            _case(f"PDF of {ITEMS[scale]} items", NOTICE, edition, drafter),
        )
        return [row_of(case, in_turns(case, seconds=5, fewest=2)) for case in cases]


def _case(name: str, kind: Any, obj: Any, by: Actor) -> Case:
    document = Document(title=name, code="bench")
    shown = {"document": document, "qr": making._qr(document)}
    html = render_to_string(kind.template, {**kind.context(obj), **shown})
    return Case(
        f"{name}, made and sealed",
        "WeasyPrint alone",
        _rolled_back(kind, obj, by),
        partial(HTML(string=html).write_pdf, pdf_variant="pdf/a-3b"),
        TARGET,
    )


def _rolled_back(kind: Any, obj: Any, by: Actor) -> Callable[[], None]:
    def make() -> None:
        with transaction.atomic():
            making.render(making.request(kind, obj, by=by))
            transaction.set_rollback(True)

    return make


def _edition(by: Actor, wanted: int) -> Edition:
    """A draft with so many items: copies of those in force, under classes of their own."""
    edition = publishing.draft(by=by, title=f"{wanted} 项")
    models = list(edition.items.defer("search"))
    names = [f.attname for f in Item._meta.concrete_fields if f.attname not in ("id", "search")]
    classes = [f"{group}{number}" for group in "BCD" for number in range(10, 100)]
    needed = max(0, wanted - len(models))
    Heading.objects.bulk_create(
        Heading(edition=edition, code=code, name=f"小类{code}") for code in classes[: -(-needed // 90)]
    )
    Item.objects.bulk_create(
        Item(
            **{name: getattr(models[n % len(models)], name) for name in names}
            | {"code": f"{classes[n // 90]}.{n % 90 + 10}", "name": f"{models[n % len(models)].name}{n}"}
        )
        for n in range(needed)
    )
    return edition
