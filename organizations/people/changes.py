"""Telling people that they were given a role, that one has a last day, and that one is over."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from foundation.refusals import Words
from foundation.roles import Actor
from foundation.wording import filled
from organizations.people import telling
from organizations.people.models import Membership


def tell_of_the_beginning(membership: Membership) -> None:
    """Tell the person what he was given, and from when to when."""
    last = membership.valid_to
    if last is None:
        words = gettext_lazy("您有了新身份“%(seat)s”\uff0c从 %(first)s 起。登录后可以在右上角切换。")
    else:
        words = gettext_lazy("您有了新身份“%(seat)s”\uff0c从 %(first)s 到 %(last)s。登录后可以在右上角切换。")
    _tell(membership, words, about="membership:given")


def tell_of_the_last_day(membership: Membership, *, by: Actor) -> None:
    """Tell the person of a last day that was set or taken away, unless he did it himself."""
    if by.user_id == membership.user_id:
        return
    if membership.valid_to is None:
        words = gettext_lazy("您的身份“%(seat)s”改为不限期。")
    else:
        words = gettext_lazy("您的身份“%(seat)s”到 %(last)s 为止。有疑问请找管理员。")
    _tell(membership, words, about="membership:limited")


def tell_of_the_end(membership: Membership, *, by: Actor) -> None:
    """Tell the person that it is over, unless he ended it himself, or it was one of an hour in an emergency."""
    if by.user_id == membership.user_id or membership.until is not None:
        return
    words = gettext_lazy("您的身份“%(seat)s”已经结束。有疑问请找管理员。")
    _tell(membership, words, about="membership:ended")


def _tell(membership: Membership, words: Words, *, about: str) -> None:
    """Tell the person, in the roles that he holds now."""
    told = filled(words, seat=membership, first=membership.valid_from, last=membership.valid_to)
    telling.tell(membership.user, told, about=about, page=membership.get_absolute_url())
