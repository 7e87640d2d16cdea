"""Why a sign-in was ended, told to the browser whose it was and to no other.

A session that no longer fits its person is emptied by Django; the one that follows in the same browser keeps why
(``note``). A session that was taken away leaves a row under a key that only the holder of its own key can name
(``leave_behind``, ``find``), so that nothing of it can be written back.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.lifecycle.phases import DROPPED
from organizations.people import holding_nothing
from organizations.people.models import Membership, User
from organizations.providers.states import Standing

#: Where a session keeps why the one before it in this browser was ended.
KEY = "ended"

#: Where a session keeps whose that one was, if the person holds no role any more.
WHOSE = "ended_whose"

#: The reasons: the person holds no role any more, somebody ended it or the password or telephone changed, it was unused.
NO_ROLE, ENDED, UNUSED = "no_role", "ended", "unused"


def note(request: HttpRequest, why: str) -> None:
    """Keep why the sign-in of this browser was ended."""
    request.session[KEY] = why


def note_whose(request: HttpRequest, person_id: int | None) -> None:
    """Keep why the session of a person was emptied."""
    held = Membership.objects.from_today().filter(user=person_id or 0).exists()
    note(request, ENDED if held else NO_ROLE)
    if not held:
        request.session[WHOSE] = person_id


def leave_behind(key: str) -> None:
    """Leave why for the browser of a session that is taken away, by its key."""
    Session.objects.update_or_create(
        session_key=_key_behind(key),
        defaults={
            "session_data": SessionStore().encode({KEY: ENDED}),
            "expire_date": timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        },
    )


def find(request: HttpRequest) -> None:
    """Keep why the session was taken away whose key the browser still sends, if that was left behind."""
    sent = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not sent or request.session.session_key is not None:
        return
    rows = Session.objects.filter(session_key=_key_behind(sent), expire_date__gt=timezone.now())
    if (row := rows.first()) is not None:
        note(request, row.get_decoded().get(KEY, ENDED))
        row.delete()


def forget(request: HttpRequest) -> None:
    """Forget why an earlier sign-in was ended: a new one begins."""
    request.session.pop(KEY, None)
    request.session.pop(WHOSE, None)


def in_words(request: HttpRequest) -> str:
    """Why the sign-in of this browser was ended; "" where none was."""
    why = request.session.get(KEY, "")
    if why == NO_ROLE:
        return _of_no_role(request.session.get(WHOSE))
    words = {
        ENDED: _(
            "您的登录已被结束\uff1a可能是密码、手机或验证方式改过\uff0c也可能是您自己或管理员结束了登录。请重新登录\uff1b"
            "如果都不是\uff0c工作人员请马上告诉管理员\uff0c家庭请马上打窗口电话。"
        ),
        UNUSED: _("很久没有操作\uff0c登录已结束。请重新登录。"),
    }
    return words.get(why, "")


def _of_no_role(person_id: int | None) -> str:
    """What is told to a person who holds no role any more: of the registration that has ended, or whom to ask."""
    person = User.objects.filter(pk=person_id or 0).first()
    if person is None:
        return _("您的身份已经结束\uff0c登录也随之结束。有疑问请找本单位或市的系统管理员。")
    ended = Standing.in_phase(DROPPED)
    if person.memberships.filter(organization__provider__status__in=ended).exists():
        return _(
            "登录已经结束。您登记的机构没有准入、已经撤回或者失效\uff1a理由见短信\uff0c可以用同一个信用代码重新登记。"
        )
    return _("登录已经结束。") + holding_nothing.in_words(person)


def _key_behind(key: str) -> str:
    """The key of the row that a session leaves behind."""
    return hashlib.sha256(f"organizations.signing_in.ended {key}".encode()).hexdigest()[:40]
