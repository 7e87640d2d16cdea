"""Visits checked by sample before work is accepted (验收).

A published seed lets anybody re-draw the same sample.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Sequence
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import quota
from contracts.invoices.models import Delivery, Finding, Invoice, InvoiceKind, Sample
from contracts.invoices.states import INVOICE
from foundation import moments
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.rules import reading
from foundation.wording import filled


def draw(invoice: Invoice) -> None:
    """Draw the visits of an invoice to be checked, and store the seed.

    The seed is made after the visits are claimed, so nobody can know it before.
    """
    invoice.sample_seed = secrets.token_hex(8)
    Invoice.objects.filter(pk=invoice.pk).update(sample_seed=invoice.sample_seed)
    claimed = list(invoice.deliveries.values_list("pk", flat=True))
    drawn = drawn_by(invoice.sample_seed, claimed, _size(len(claimed)))
    Sample.objects.bulk_create(Sample(invoice=invoice, delivery_id=pk) for pk in drawn)


def drawn_by(seed: str, keys: list[int], size: int) -> list[int]:
    """The first ``size`` keys in the order of SHA-256 over seed and key."""
    return sorted(keys, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())[:size]


def _size(claimed: int) -> int:
    """The size of the sample for so many claimed visits, by the rule ``acceptance.sample``."""
    rule = reading.current("acceptance.sample").value
    wanted = ceil(claimed * rule["percent"] / 100)
    return min(claimed, max(rule["least"], min(rule["most"], wanted)))


@INVOICE.transition("check")
def check(
    invoice: Invoice, *, by: Actor, sample: Sample, finding: str, found: int, how: str, note: str
) -> None:
    """Record what the check of one sampled visit found; ``found`` in units.

    Raises ``Invalid`` for a visit that is not in the sample, and units that contradict the finding;
    ``NotNow`` for a visit that is checked already.
    """
    if sample.invoice_id != invoice.pk:
        message = _("这次服务不在本单的抽查名单里。")
        raise Invalid(message, fields={"sample": message})
    if sample.finding:
        raise NotNow(_("这次服务已经登记过抽查结果。"), rule="S24")
    claimed = sample.delivery.units
    right = {
        Finding.CONFIRMED: found == claimed,
        Finding.PARTLY: 0 < found < claimed,
        Finding.NOT_FOUND: found == 0,
    }
    if not right[Finding(finding)]:
        message = _("申报 %(claimed)s，核实的数量与结果对不上。") % {"claimed": claimed}
        raise Invalid(message, fields={"found": message})
    sample.finding, sample.found, sample.how, sample.note = finding, found, how, note
    sample.checked_by, sample.checked_at = by.name, moments.now()
    sample.save()


def not_passed(invoices: Sequence[Invoice]) -> dict[int, Refused]:
    """Why work is not accepted, by the primary key of its invoice: a sampled visit is unchecked, or too many were
    not confirmed.
    """
    findings: dict[int, list[str]] = defaultdict(list)
    claims = [invoice for invoice in invoices if invoice.kind == InvoiceKind.DELIVERY]
    samples = Sample.objects.filter(invoice__in=claims)
    for invoice, finding in samples.values_list("invoice_id", "finding"):
        findings[invoice].append(finding)
    found = {invoice: _not_passed(given) for invoice, given in findings.items()}
    return {invoice: refused for invoice, refused in found.items() if refused is not None}


def _not_passed(findings: Sequence[str]) -> Refused | None:
    """The refusal for the findings of one sample."""
    if unchecked := findings.count(""):
        words = filled(gettext_lazy("还有 %(count)s 次抽查没有登记结果。"), count=unchecked)
        return Refused(words, rule="S24")
    failed = sum(finding != Finding.CONFIRMED for finding in findings)
    most = reading.current("acceptance.sample").value["most_failed"]
    if failed * 100 <= most * len(findings):
        return None
    words = gettext_lazy("抽查 %(all)s 次，%(failed)s 次不属实，超过 %(most)s%%，应退回机构自查。")
    return Refused(
        filled(words, all=len(findings), failed=failed, most=most), rule="S24", allowed=("return",)
    )


def strike(invoice: Invoice) -> int:
    """Strike off the units that were not confirmed and give them back to the line; returns how many."""
    struck = 0
    for sample in invoice.samples.exclude(finding=Finding.CONFIRMED).select_related("delivery"):
        missing = sample.delivery.units - (sample.found or 0)
        Delivery.objects.filter(pk=sample.delivery_id).update(struck=missing)
        quota.give_back(sample.delivery.line_id, missing)
        struck += missing
    return struck
