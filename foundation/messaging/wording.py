"""What a text message is for, in words. Its own text may hold a code and is never shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words

#: The words by the first part of ``about``.
ABOUT: dict[str, Words] = {
    "code": _("验证码"),
    "papers": _("补齐材料的通知"),
    "referral-link": _("转介答复链接"),
    "result": _("办理结果和评价链接"),
    "visit-code": _("服务确认码"),
    "handed-over": _("换了服务机构的通知"),
    "contract-ended": _("服务合同到期的通知"),
    "phone-changed": _("登记电话改动的通知"),
    "invitation": _("加入或重设密码的链接"),
    "sign-in": _("账号登录的提醒"),
    "membership": _("身份快到期的提醒"),
}


def about(key: str) -> Words:
    """The words for a message's ``about``; "text message" for one that is no longer known."""
    return ABOUT.get(key.split(":")[0], _("短信"))
