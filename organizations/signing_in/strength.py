"""What makes a password strong enough, said in the product's own words.

Django's Chinese catalogue lacks some of its own texts, and a page in Chinese would say them in English.
"""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from foundation import moments
from foundation.city import reading
from organizations.people.models import User

#: The score that a password needs (0 to 4: at 3 it is found within some 10 to the power of 8 to 10 tries), and of how
#: many characters the library reads.
LEAST, LONGEST = 3, 72

#: How the product is called, and how many years back are tried.
PRODUCT, YEARS = "liandong", 80

#: What many choose here: love in numbers and in pinyin, luck, greetings, the trade.
FAVOURITES = [
    "woaini",
    "aini",
    "woaiwo",
    "woaijia",
    "woaizhongguo",
    "zhongguo",
    "beijing",
    "jiangsu",
    "shanghai",
    "1314",
    "520",
    "5201314",
    "1314520",
    "521",
    "666",
    "888",
    "168",
    "123",
    "abc",
    "qwe",
    "nihao",
    "wode",
    "mima",
    "mimashi",
    "gongzuo",
    "minzheng",
    "jiuzhu",
    "shehui",
    "chuangkou",
    "fuwu",
    "zhengfu",
    "shequ",
    "jiedao",
    "laoshi",
    "baobao",
    "mama",
    "baba",
    "laopo",
    "laogong",
    "facai",
    "pingan",
    "jixiang",
    "xingfu",
    "kuaile",
    "zhangsan",
    "lisi",
    "wangwu",
    "shi",
    "admin",
    "guanli",
    "guanliyuan",
    "password",
    "passwd",
    "welcome",
    "changeme",
    "test",
    "demo",
    "user",
]


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


class HardToGuess:
    """Nobody guesses it who knows the person, the city and what is in fashion: names, years, repeats, rows of keys.

    A password counts as weak where it or its bare letters and digits are found within some hundred million tries.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        known = _known_of(user)
        bare = re.sub(r"[\W_]", "", password)
        tried = [text[:LONGEST] for text in (password, bare) if text]
        if any(zxcvbn(text, user_inputs=known)["score"] < LEAST for text in tried):
            raise ValidationError(
                _("这个密码容易被猜到\uff1a不要用姓名、地名加年份\uff0c也不要重复或用常见的词。")
            )

    def get_help_text(self) -> str:
        return _("不要用姓名、地名加年份，不要重复。")


def _known_of(user: User | None) -> list[str]:
    """Words that whoever guesses tries first: of the person, of the city, of the day, and what many choose."""
    city = reading.current()
    own = [user.username, user.full_name, user.email] if user is not None else []
    words = [*own, city.name, city.name_en, city.office_en, PRODUCT]
    parts = {part for word in words for part in (word, *re.split(r"[\W_\d]+", word)) if len(part) > 1}
    year = moments.today().year
    years = [str(each) for each in range(year - YEARS, year + 6)]
    return [*sorted(parts), *FAVOURITES, *years]


class NotOnlyDigits(NumericPasswordValidator):
    """It has something else than digits."""

    def get_error_message(self) -> str:
        return _("密码不能只用数字。")

    def get_help_text(self) -> str:
        return _("不要只用数字。")
