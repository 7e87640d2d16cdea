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

from organizations.people.models import Membership

#: Where a session keeps why the one before it in this browser was ended.
KEY = "ended"

#: The reasons: the person holds no role any more, somebody ended it or the password or telephone changed, it was unused.
NO_ROLE, ENDED, UNUSED = "no_role", "ended", "unused"


def note(request: HttpRequest, why: str) -> None:
    """Keep why the sign-in of this browser was ended."""
    request.session[KEY] = why


def note_whose(request: HttpRequest, person_id: int | None) -> None:
    """Keep why the session of a person was emptied."""
    held = Membership.objects.from_today().filter(user=person_id or 0).exists()
    note(request, ENDED if held else NO_ROLE)


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


def in_words(request: HttpRequest) -> str:
    """Why the sign-in of this browser was ended; "" where none was."""
    words = {
        NO_ROLE: _(
            "您的身份已经结束\uff0c登录也随之结束。登记入驻没有通过或者撤回的\uff0c理由见短信\uff0c可以重新登记\uff1b"
            "其他疑问请找管理员。"
        ),
        ENDED: _(
            "您的登录已被结束\uff1a可能是密码、手机或验证方式改过\uff0c也可能是您自己或管理员结束了登录。请重新登录\uff1b"
            "如果都不是\uff0c工作人员请马上告诉管理员\uff0c家庭请马上打窗口电话。"
        ),
        UNUSED: _("很久没有操作\uff0c登录已结束。请重新登录。"),
    }
    return words.get(request.session.get(KEY, ""), "")


def _key_behind(key: str) -> str:
    """The key of the row that a session leaves behind."""
    return hashlib.sha256(f"organizations.signing_in.ended {key}".encode()).hexdigest()[:40]
