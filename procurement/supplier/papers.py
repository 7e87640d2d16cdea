"""The kinds of documents that a bid may have to include."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.wording import listed


class SupportingDocumentKind(models.TextChoices):
    """Documents by which a bidder qualifies (政府采购法 article 22, 102号令 article 6)."""

    LICENCE = "licence", _("登记证书或营业执照")
    FINANCE = "finance", _("上年度财务报告或审计报告")
    TAX = "tax", _("近期依法纳税证明")
    SOCIAL_INSURANCE = "social_insurance", _("近期社会保险缴纳证明")
    CREDIT = "credit", _("无重大违法记录声明")
    STAFF = "staff", _("专业人员资格证书")
    TRACK = "track", _("同类服务业绩证明")
    SAFETY = "safety", _("安全和个人信息保护制度")


def words(kinds: list[str]) -> str:
    """The labels of several kinds in one phrase."""
    return listed(SupportingDocumentKind(kind).label for kind in kinds)
