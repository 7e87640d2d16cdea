"""What a text is for, in words; its own words may hold a code and are shown to nobody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words

#: By the first part of ``about``.
ABOUT: dict[str, Words] = {
    "code": _("验证码"),
    "papers": _("补齐材料的通知"),
    "referral-link": _("转介答复链接"),
    "result": _("办理结果和评价链接"),
    "visit-code": _("服务确认码"),
    "handed-over": _("换了服务机构的通知"),
    "contract-ended": _("服务合同到期的通知"),
    "phone-changed": _("登记电话改动的通知"),
}


def about(key: str) -> Words:
    """The words for a text's ``about``; of one that is known no more, only that it is a text."""
    return ABOUT.get(key.split(":")[0], _("短信"))
