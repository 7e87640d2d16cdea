"""Recording a check: everything was looked up, and either all is right or all that is wrong is told at once (S12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from foundation import moments
from foundation.personal_data.revealing import has_looked
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.wording import day
from organizations.document_checks.items import LISTS, CheckItem, Found, asked
from organizations.document_checks.models import DocumentCheck, Purpose
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing
from organizations.providers.models import Provider
from organizations.yearly_checks.models import NOT_PASSED

#: The clause by which everything that is missing is told at once.
BASIS = "S12"

#: For how long what was looked up says something of today.
LONGEST_AGO = timedelta(days=90)

#: What is known of one item: ``item``, ``label``, ``found``, ``where``, ``on`` and ``words``.
Finding = dict[str, str]


def record(
    provider: Provider, findings: Sequence[Finding], *, by: Actor, purpose: Purpose, returned: bool
) -> DocumentCheck:
    """Keep a check.

    Raises ``Invalid`` at the item that was not checked, that concerns every provider and was left out, or that was
    looked up nowhere, on a day to come or too long ago, at a list that is said to be right while the one kept here names the
    provider, at yearly checks that are said to be right without a word while that of the last year is not, and at a
    bank account that the officer has not looked at; where documents are returned, if nothing is
    wrong or it is not said what; where they are accepted, if something is wrong.
    """
    faults = _faults(findings) or {
        **_faults_against_lists(provider, findings),
        **_faults_of_the_last_year(provider, findings),
        **_faults_of_the_account(provider, findings, by),
    }
    if not faults:
        faults = _faults_of_returning(findings) if returned else _faults_of_accepting(findings)
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults, rule=BASIS)
    return DocumentCheck.objects.create(
        provider=provider,
        purpose=purpose,
        checked_by_id=by.person,
        findings=[dict(one) for one in findings],
        returned=returned,
    )


def _faults(findings: Sequence[Finding]) -> dict[str, str]:
    """What is wrong with the record itself, by the field of the item."""
    given = {one["item"]: one for one in findings}
    faults: dict[str, str] = {}
    for item in asked():
        one = given.get(item.code)
        if one is None or one["found"] not in Found.values:
            faults[f"{item.code}_found"] = _("请查验“%(item)s”。") % {"item": item.label}
        elif item.always and one["found"] == Found.NOT_NEEDED:
            faults[f"{item.code}_found"] = _("“%(item)s”每家机构都要查。") % {"item": item.label}
        elif one["found"] != Found.NOT_NEEDED and not one["where"].strip():
            faults[f"{item.code}_where"] = _("请写明在哪里查的。")
        elif (looked_up := date.fromisoformat(one["on"])) > moments.today():
            faults[f"{item.code}_on"] = _("日期不能晚于今天。")
        elif looked_up < moments.today() - LONGEST_AGO:
            faults[f"{item.code}_on"] = _("查验太久以前了\uff0c请重新查一次\uff08最近 90 天内\uff09。")
    return faults


def _faults_against_lists(provider: Provider, findings: Sequence[Finding]) -> dict[str, str]:
    """Which lists are said not to name the provider, though the one that is kept here does, by the field of the item."""
    said = {LISTS[one["item"]]: one["item"] for one in findings if one["item"] in LISTS}
    right = {one["item"] for one in findings if one["found"] != Found.WRONG}
    words = _("本平台登记的名录里有这家机构（%(day)s列入），不能判为符合；已移出的，请先登记移出。")
    return {
        f"{said[ListKind(listing.kind)]}_found": words % {"day": day(listing.listed_on)}
        for listing in Listing.objects.on().filter(credit_code=provider.credit_code, kind__in=said)
        if said[ListKind(listing.kind)] in right
    }


def _faults_of_the_last_year(provider: Provider, findings: Sequence[Finding]) -> dict[str, str]:
    """Whether yearly checks are said to be right without a word, though the last year's failed, or is not stated."""
    silent = any(
        one["item"] == CheckItem.YEARLY_CHECK and one["found"] == Found.RIGHT and not one["words"].strip()
        for one in findings
    )
    year = moments.today().year - 1
    stated = provider.yearly_checks.in_use().filter(year=year).first()
    if not silent or (stated is not None and stated.result not in NOT_PASSED):
        return {}
    result = stated.get_result_display() if stated is not None else _("没有填报")
    words = _("%(year)s 年的年度检查：%(result)s。判为符合的，请写明为什么。")
    return {f"{CheckItem.YEARLY_CHECK}_words": words % {"year": year, "result": result}}


def _faults_of_the_account(provider: Provider, findings: Sequence[Finding], by: Actor) -> dict[str, str]:
    """Whether the bank account is said to be right by somebody who has not looked at it: a masked one proves nothing."""
    right = any(one["item"] == CheckItem.BANK_ACCOUNT and one["found"] == Found.RIGHT for one in findings)
    if not right or not provider.bank_account or has_looked(provider, "bank_account", by):
        return {}
    words = _("请先在机构页面点开对公账号\uff0c和开户许可核对\uff0c再判为符合。")
    return {f"{CheckItem.BANK_ACCOUNT}_found": words}


def _faults_of_returning(findings: Sequence[Finding]) -> dict[str, str]:
    """Why documents are not returned: nothing is wrong, or it is not said what."""
    wrong = [one for one in findings if one["found"] == Found.WRONG]
    if not wrong:
        return {"": _("没有不符合的项目，不用退回。")}
    return {
        f"{one['item']}_words": _("请写明哪里不符合、怎样补正。") for one in wrong if not one["words"].strip()
    }


def _faults_of_accepting(findings: Sequence[Finding]) -> dict[str, str]:
    """Why documents are not accepted: what is wrong."""
    return {
        f"{one['item']}_found": _("有不符合的项目，请退回补正。")
        for one in findings
        if one["found"] == Found.WRONG
    }


def last_returned(provider: Provider) -> DocumentCheck | None:
    """The last check of a provider, if it ended in a return."""
    last: DocumentCheck | None = provider.document_checks.first()
    return last if last is not None and last.returned else None
