"""What is counted of deliveries and of the samples that were checked."""

from __future__ import annotations

from catalog.items.models import Item
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices.models import Delivery, Invoice, Sample
from foundation.counted_events import CountedEvents

DELIVERIES = CountedEvents(
    "deliveries",
    ("deliveries", "cost_fen", "guide_fen"),
    {"d": Delivery, "l": ContractLine, "t": Contract, "i": Item},
    """
    SELECT {t.provider} AS provider_id, '' AS mix,
        {d.delivered_on}::timestamp AT TIME ZONE 'Asia/Shanghai' AS at,
        'contract' AS kind, {t.id} AS record, 1 AS deliveries,
        ({d.unit_price} * {d.units} * 100)::bigint AS cost_fen,
        ({i.price_high} * {d.units} * 100)::bigint AS guide_fen
    FROM {d} JOIN {l} ON {l.id} = {d.line}
    JOIN {t} ON {t.id} = {l.contract} JOIN {i} ON {i.id} = {l.item}
    WHERE true
    """,
    happened="d.delivered_on",
    provider="t.provider",
    by_day=True,
)


SAMPLES = CountedEvents(
    "samples",
    ("found", "claimed"),
    {"s": Sample, "d": Delivery, "n": Invoice, "t": Contract},
    """
    SELECT {t.provider} AS provider_id, '' AS mix, {n.created_at} AS at,
        'invoice' AS kind, {n.id} AS record, {s.found}, {d.units} AS claimed
    FROM {s} JOIN {d} ON {d.id} = {s.delivery}
    JOIN {n} ON {n.id} = {s.invoice} JOIN {t} ON {t.id} = {n.contract}
    WHERE {s.finding} <> ''
    """,
    happened="n.created_at",
    provider="t.provider",
)
