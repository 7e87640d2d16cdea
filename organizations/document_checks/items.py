"""What is checked of a provider, by the rule ``accreditation.checklist``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import Words
from foundation.rules import reading
from organizations.listings.kinds import ListKind

RULE = "accreditation.checklist"


class CheckItem(models.TextChoices):
    """The items that are known here; a city adds others in its own words."""

    REGISTRATION = "registration", gettext_lazy("登记证书")
    LEGAL_REPRESENTATIVE = "legal_representative", gettext_lazy("法定代表人")
    ABNORMAL_LIST = "abnormal_list", gettext_lazy("活动异常名录")
    SERIOUS_BREACH_LIST = "serious_breach_list", gettext_lazy("严重违法失信名单")
    CERTIFICATES = "certificates", gettext_lazy("资质证书在有效期内")
    YEARLY_CHECK = "yearly_check", gettext_lazy("年度检查")
    BANK_ACCOUNT = "bank_account", gettext_lazy("对公账户")


class Found(models.TextChoices):
    """What was found of an item."""

    RIGHT = "right", gettext_lazy("符合")
    WRONG = "wrong", gettext_lazy("不符合")
    NOT_NEEDED = "not_needed", gettext_lazy("不涉及")


#: Items that concern every provider.
ALWAYS = frozenset({CheckItem.REGISTRATION, CheckItem.ABNORMAL_LIST, CheckItem.SERIOUS_BREACH_LIST})

#: The items that ask for one of the lists which are kept here, too.
LISTS: Mapping[str, ListKind] = {
    CheckItem.ABNORMAL_LIST: ListKind.ABNORMAL,
    CheckItem.SERIOUS_BREACH_LIST: ListKind.SERIOUS_BREACH,
}

#: Where each item is looked up as a rule; the officer writes where it was.
WHERE: Mapping[str, Words] = {
    CheckItem.REGISTRATION: gettext_lazy("登记管理机关信用信息公示平台"),
    CheckItem.LEGAL_REPRESENTATIVE: gettext_lazy("登记管理机关信用信息公示平台"),
    CheckItem.ABNORMAL_LIST: gettext_lazy("登记管理机关信用信息公示平台"),
    CheckItem.SERIOUS_BREACH_LIST: gettext_lazy("登记管理机关信用信息公示平台"),
    CheckItem.CERTIFICATES: gettext_lazy("机构提交的证书"),
    CheckItem.YEARLY_CHECK: gettext_lazy("登记管理机关信用信息公示平台"),
    CheckItem.BANK_ACCOUNT: gettext_lazy("开户许可证或银行回单"),
}


@dataclass(frozen=True)
class Asked:
    """One item of the checklist of today: its code, what it is called, and where it is usually looked up."""

    code: str
    label: Words
    where: Words

    @property
    def always(self) -> bool:
        """Whether it concerns every provider."""
        return self.code in ALWAYS


def asked() -> list[Asked]:
    """The checklist of the rule in force: the items known here, then the city's own."""
    value = reading.current(RULE).value
    known = [Asked(item, CheckItem(item).label, WHERE[item]) for item in CheckItem if item in value["items"]]
    own = [Asked(f"own_{n}", words, "") for n, words in enumerate(value["further"], 1)]
    return known + own


def called(finding: Mapping[str, str]) -> str:
    """What an item of a record is called: in the reader's language where it is known here, else as it was written."""
    code = finding["item"]
    return str(CheckItem(code).label) if code in CheckItem.values else finding["label"] or _("其他")
