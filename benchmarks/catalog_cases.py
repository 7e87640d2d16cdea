"""The catalog at full size: 20 editions of 2,000 items, 20,000 offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client

from benchmarks.measuring import Pair, Row, bare
from catalog.editions import publishing
from catalog.editions.documents import NOTICE
from catalog.editions.models import Edition
from catalog.editions.states import EditionStatus
from catalog.hsds import ids, selecting
from catalog.items.models import Heading, Item
from catalog.offers.models import Offer
from catalog.offers.states import OfferStatus
from demo.scale import copying
from demo.starter.places_and_people import actor
from foundation import moments
from foundation.documents import making
from foundation.documents.models import Document
from foundation.lifecycle.phases import SERVING
from foundation.sql_lists import quoted_list
from organizations.bodies.models import Organization
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.providers.states import Standing

SCALES = {
    "small": {"editions": 4, "items": 400, "offers": 2_000, "pdf": 60, "rounds": 9},
    "full": {"editions": 20, "items": 2_000, "offers": 20_000, "pdf": 500, "rounds": 21},
}


def run(scale: str) -> list[Row]:
    """Every benchmark of the catalog; times in milliseconds, medians."""
    size = SCALES[scale]
    call_command("migrate", verbosity=0, interactive=False)
    if Edition.objects.count() < size["editions"]:
        call_command("load_starter", stdout=StringIO())
        _fill(size["editions"], size["items"], size["offers"])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    pair = Pair(size["rounds"])
    client = Client(SERVER_NAME="127.0.0.1")
    for name, address, where, given in (
        ("two characters", "/?q=照料", "i.search @@ to_tsquery('simple', %s)", "'照' <-> '料'"),
        ("one character", "/?q=心", "i.search @@ to_tsquery('simple', %s)", "'心'"),
        ("by people", "/?people=elderly", "i.target_groups @> ARRAY[%s]::varchar[]", "elderly"),
    ):
        pair.add(
            f"catalog search page, {name} / bare SQL of its rows",
            _page(client, address),
            bare((_CATALOG.format(where=where), [given])),
            target=3,
        )
    for name, address, where, given in (
        ("", "/hsds/services", "true", []),
        (", searched", "/hsds/services?search=照料", _SEARCHED, ["%照料%", "'照' <-> '料'"]),
        (", by term", f"/hsds/services?taxonomy_term_id={ids.of_code('C')}", "i.code LIKE %s", ["C%"]),
    ):
        counted, rows = _COUNTED.format(where=where), _SERVICES.format(where=where)
        pair.add(
            f"HSDS list of services{name} / bare SQL of its rows",
            _page(client, address),
            bare((counted, given), (rows, given)),
            target=3,
        )
    edition = _of_size(size["pdf"])
    pair.add(
        f"PDF of {size['pdf']} items, made and sealed / WeasyPrint alone",
        _rolled_back(edition),
        _weasyprint(edition),
        target=1.15,
        rounds=2,
    )
    return pair.rows


#: SQL: what the search page shows of its fifty items, in one statement.
_IN_FORCE = quoted_list(EditionStatus.in_phase(SERVING))
_SERVED = quoted_list(OfferStatus.in_phase(SERVING))
_ACCREDITED = quoted_list(Standing.in_phase(SERVING))
_SHOWN = quoted_list(selecting.SHOWN)
_CATALOG = f"""
    SELECT i.*, o.providers, o.free FROM (
        SELECT i.id, i.edition_id, i.code, i.name, i.audience_text, i.standards, i.funding,
               i.price_low, i.price_high, i.unit, i.kind, g.name AS grp, c.name AS class,
               e.title, e.document_number, e.in_force_from, count(*) OVER () AS of_all
        FROM catalog_item i
        JOIN catalog_edition e ON e.id = i.edition_id AND e.status IN ({_IN_FORCE})
        LEFT JOIN catalog_heading g ON g.edition_id = e.id AND g.code = left(i.code, 1)
        LEFT JOIN catalog_heading c ON c.edition_id = e.id AND c.code = left(i.code, 3)
        WHERE {{where}} ORDER BY i.kind DESC, i.code LIMIT 50
    ) i CROSS JOIN LATERAL (
        SELECT count(*) AS providers, sum(o.places - o.taken) AS free
        FROM catalog_offer o JOIN organizations_provider p ON p.id = o.provider_id
        WHERE o.item_id = i.id AND o.status IN ({_SERVED})
              AND p.status IN ({_ACCREDITED}) AND p.accredited_until >= current_date
    ) o ORDER BY i.kind DESC, i.code
"""
_FROM = f"""
    FROM catalog_offer o JOIN catalog_item i ON i.id = o.item_id
    JOIN organizations_provider p ON p.id = o.provider_id
    JOIN organizations_organization g ON g.id = p.organization_id
    LEFT JOIN organizations_place t ON t.id = g.place_id
    WHERE o.status IN ({_SERVED})
          AND p.status IN ({_SHOWN}) AND {{where}}
"""
_COUNTED = f"SELECT count(*) {_FROM}"
_SEARCHED = "(g.name ILIKE %s OR i.search @@ to_tsquery('simple', %s))"
_SERVICES = f"""
    SELECT o.*, i.code, i.name, i.name_en, i.description, i.audience_text, i.unit, i.funding,
           i.funding_source, i.target_groups, i.categories, i.age_from, i.age_to, i.disability,
           i.income_percent, i.residence, i.places, p.status, p.nature, g.*, t.name, t.latitude,
           t.longitude
    {_FROM} ORDER BY o.id LIMIT 50
"""


def _page(client: Client, address: str) -> Callable[[], Any]:
    def ours() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    return ours


def _fill(count: int, items: int, offers: int) -> None:
    """Publish editions through the actions, one a day; the first gets the items, the others are copies."""
    drafter, approver = actor("minzheng"), actor("minzheng2")
    # The starter has three: last year's, the one in force, the one in consultation.
    for number in range(count - Edition.objects.count()):
        day = moments.now() - timedelta(days=count - number)
        with moments.as_of(day):
            edition = publishing.draft(by=drafter, title=f"规模目录 {number}")
            if number == 0:
                _grow(edition, items)
            edition = publishing.open_consultation(edition, by=drafter)
            edition = publishing.submit(edition, by=drafter)
            publishing.approve(
                edition,
                by=approver,
                document_number=f"规模〔{number}〕号",
                index_number=f"scale/{number}",
                in_force_from=moments.today(),
            )
            publishing.bring_into_force()
    _offer(offers)


def _grow(edition: Edition, wanted: int) -> None:
    """Copies of the starter's items under classes of their own, until there are enough."""
    models = list(edition.items.defer("search"))
    names = [f.attname for f in Item._meta.concrete_fields if f.attname not in ("id", "search")]
    needed = wanted - len(models)
    classes = [f"{group}{number}" for group in "BCD" for number in range(10, 100)]
    Heading.objects.bulk_create(
        Heading(edition=edition, code=code, name=f"小类{code}") for code in classes[: -(-needed // 90)]
    )
    Item.objects.bulk_create(
        Item(
            **{name: getattr(models[n % len(models)], name) for name in names}
            | {"code": f"{classes[n // 90]}.{n % 90 + 10}"}
            | {"name": f"{models[n % len(models)].name}{n}"}
        )
        for n in range(needed)
    )


def _offer(wanted: int) -> None:
    """Offers of many providers for the items in force."""
    providers = _providers(-(-wanted // 40))
    items = list(Item.objects.in_force().values_list("pk", "price_high").order_by("pk"))
    now = moments.now()
    rows = (
        Offer(
            item_id=item,
            provider_id=providers[(n + turn * 7) % len(providers)],
            places=10,
            taken=n % 10,
            weekly=20,
            price=price,
            staff="持证若干",
            status=OfferStatus.ACCEPTED,
            changed_at=now,
        )
        for turn in range(wanted // len(items))
        for n, (item, price) in enumerate(items)
    )
    with transaction.atomic(), copying.without_triggers():
        Offer.objects.bulk_create(rows, batch_size=2_000)


def _providers(wanted: int) -> list[int]:
    """Accredited providers of this benchmark only, so that no two offers collide."""
    town = Place.objects.filter(kind="street").first()
    firms = Organization.objects.bulk_create(
        Organization(
            kind="provider",
            code=f"bench-{n}",
            name=f"规模机构{n}",
            place=town,
            credit_code=f"BENCH{n:013d}",
            phone="0510-86300000",
            address="示例路 1 号",
        )
        for n in range(wanted)
    )
    with transaction.atomic(), copying.without_triggers():
        made = Provider.objects.bulk_create(
            Provider(
                organization=firm,
                nature="social_work_agency",
                status=Standing.ACCREDITED,
                accredited_until=moments.today() + timedelta(days=700),
            )
            for firm in firms
        )
    return [provider.pk for provider in made]


def _of_size(items: int) -> Edition:
    """A draft with exactly so many items."""
    title = f"规模目录 {items} 项"
    edition = Edition.objects.filter(title=title).first()
    if edition is None:
        edition = publishing.draft(by=actor("minzheng"), title=title)
        more = edition.items.order_by("code").values_list("pk", flat=True)[items:]
        Item.objects.filter(pk__in=list(more)).delete()
    return edition


def _rolled_back(edition: Edition) -> Callable[[], Any]:
    def make() -> None:
        with transaction.atomic():
            document = making.request(NOTICE, edition, by=actor("minzheng"))
            making.render(document)
            transaction.set_rollback(True)

    return make


def _weasyprint(edition: Edition) -> Callable[[], Any]:
    from weasyprint import HTML

    document = Document(title=edition.title, code="bench")
    shown = {"document": document, "qr": making._qr(document)}
    html = render_to_string(NOTICE.template, {**NOTICE.context(edition), **shown})
    return lambda: HTML(string=html).write_pdf(pdf_variant="pdf/a-3b")
