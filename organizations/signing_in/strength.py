"""What makes a password strong enough, said in the product's own words.

Django's Chinese catalogue lacks some of its own texts, and a page in Chinese would say them in English.
"""

from __future__ import annotations

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _


class UnlikeThePerson(UserAttributeSimilarityValidator):
    """It is not like the user name, the name or the address of the person."""

    def __init__(self) -> None:
        super().__init__(("username", "full_name", "email"))

    def get_error_message(self) -> str:
        return _("密码和%(verbose_name)s太相近，请换一个。")

    def get_help_text(self) -> str:
        return _("不要和姓名、用户名、邮箱相近。")


class LongEnough(MinimumLengthValidator):
    """It has at least ``min_length`` characters."""

    def get_error_message(self) -> str:
        return _("密码太短，至少要 %(n)s 个字符。") % {"n": self.min_length}

    def get_help_text(self) -> str:
        return _("至少 %(n)s 个字符。") % {"n": self.min_length}


class Uncommon(CommonPasswordValidator):
    """It is none of those that everybody tries first."""

    def get_error_message(self) -> str:
        return _("这个密码太常见，容易被猜到，请换一个。")

    def get_help_text(self) -> str:
        return _("不要用常见的密码。")


class NotOnlyDigits(NumericPasswordValidator):
    """It has something else than digits."""

    def get_error_message(self) -> str:
        return _("密码不能只用数字。")

    def get_help_text(self) -> str:
        return _("不要只用数字。")
