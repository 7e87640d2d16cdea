"""What is known here of each item of the checklist, shown beside it while the officer looks it up."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from foundation.wording import day, labelled
from organizations.document_checks.items import CheckItem
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing
from organizations.providers import accounts, namesakes
from organizations.providers.models import Provider

#: How many years and certificates are shown at most.
MOST = 12


def known_of(provider: Provider) -> dict[str, list[str]]:
    """Lines by item: what the provider has handed in, and what the lists kept here say."""
    organization = provider.organization
    certificates = list(provider.certificates.in_use()[:MOST])
    listings = Listing.objects.on().filter(credit_code=organization.credit_code or "")
    on_lists = {listing.kind: listing for listing in listings}
    return {
        CheckItem.REGISTRATION: [
            labelled(_("名称"), organization.name),
            labelled(_("统一社会信用代码"), organization.credit_code or _("没有填")),
            labelled(_("性质"), provider.get_nature_display()),
            *filter(None, [namesakes.told_of(provider)]),
        ],
        CheckItem.LEGAL_REPRESENTATIVE: [provider.legal_representative or _("没有填")],
        CheckItem.ABNORMAL_LIST: [_of_a_list(ListKind.ABNORMAL, on_lists)],
        CheckItem.SERIOUS_BREACH_LIST: [_of_a_list(ListKind.SERIOUS_BREACH, on_lists)],
        CheckItem.CERTIFICATES: [one.told for one in certificates] or [_("没有交证书")],
        CheckItem.YEARLY_CHECK: [
            labelled(_("%(year)s 年") % {"year": one.year}, one.get_result_display())
            for one in provider.yearly_checks.in_use()[:MOST]
        ]
        or [_("没有填年度检查")],
        CheckItem.BANK_ACCOUNT: [
            f"{provider.bank_name} {provider.bank_account}" if provider.bank_account else _("没有填"),
            *(
                _("“%(name)s”登记的是同一个账号，请问清原因。") % {"name": other}
                for other in accounts.others_with(provider.bank_account, provider)
            ),
        ],
    }


def _of_a_list(kind: ListKind, listings: Mapping[str, Listing]) -> str:
    """What the list of that kind that is kept here says; where none was ever entered, that it says nothing."""
    if kind in listings:
        return _("在名录中，%(day)s列入") % {"day": day(listings[kind].listed_on)}
    if not Listing.objects.filter(kind=kind).exists():
        return _("本市还没有录入这份名录，请到登记机关的网站核对")
    return _("本平台登记的名录里没有这家机构")
