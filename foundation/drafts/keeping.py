"""Forms are saved as people type: each opened form by its own key, until it is sent.

A draft is never put into another form by itself: whoever opens a form sees which are unsent
and takes one up by its address. A key that was sent or thrown away is spent, and a save that
comes late is refused.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation import moments
from foundation.drafts.models import FormDraft
from foundation.refusals import NotNow, Refused

Typed = dict[str, list[str]]


#: Never kept: tokens, and what the server makes itself.
UNKEPT = {"csrfmiddlewaretoken", "key", "owner", "seen"}


#: What begins so is a secret until it is sent: prices before the opening, passphrases.
CLOSED = "sealed_"


#: Days for which an unsent form is kept, unsent forms of one person, characters of one form.
DAYS, MOST, LARGEST = 14, 50, 60_000


#: Whoever has no account.
NOBODY = 0


@dataclass(frozen=True)
class Unsent:
    """An unsent form: its key and page, when it was typed last, and what was typed."""

    key: str
    path: str
    saved_at: datetime
    typed: Typed


def save(
    user_id: int,
    key: str,
    path: str,
    values: Mapping[str, Sequence[str]],
    *,
    seat: str = "",
    unkept: Collection[str] = (),
) -> datetime:
    """Keep what has been typed into the form ``key`` of ``path``; the newest wins.

    Returns when. ``seat`` says in which role (``Actor.seat``). ``unkept`` names fields in which somebody declares or agrees. Raises
    ``NotNow`` for a form that was sent or thrown away, ``Refused`` for too much.
    """
    text = json.dumps(
        {
            name: list(value)
            for name, value in values.items()
            if name not in UNKEPT and name not in unkept and not name.startswith(CLOSED)
        },
        ensure_ascii=False,
    )
    if len(text) > LARGEST:
        raise Refused(_("内容太长，没有保存；请先提交，或分几次填写。"))
    now = moments.now()
    kept = {"content": FormDraft(content=text).content, "path": path, "saved_at": now}
    kept["seat"] = seat
    mine = FormDraft.objects.filter(user_id=user_id)
    if mine.filter(key=key, spent_at=None).update(**kept):
        return now
    if user_id != NOBODY and len(unsent(user_id)) >= MOST:
        raise Refused(_("未交的表单太多，这一份没有保存；请先提交或丢弃几份。"))
    try:
        with transaction.atomic():
            FormDraft.objects.create(user_id=user_id, key=key, **kept)
    except IntegrityError:  # spent, or made by a save at the same moment
        if not mine.filter(key=key, spent_at=None).update(**kept):
            raise NotNow(_("这张表单已经提交或丢弃，没有再保存。")) from None
    return now


def restore(user_id: int, key: str, path: str, seat: str = "") -> Unsent | None:
    """The unsent form ``key`` of ``path``, if it is this person's and not too old."""
    return next((each for each in _unsent(user_id, seat, path=path, key=key)), None)


def unsent(user_id: int, path: str = "", seat: str = "") -> list[Unsent]:
    """The unsent forms of a person, newest first; of one page and seat, where they are given."""
    return _unsent(user_id, seat, path=path) if path else _unsent(user_id, seat)


def spend(user_id: int, key: str, path: str) -> None:
    """The form was sent: its words go, and none is kept under its key again."""
    if not key or discard(user_id, key):
        return
    try:
        with transaction.atomic():
            FormDraft.objects.create(user_id=user_id, key=key, path=path, **_gone())
    except IntegrityError:  # a save came between
        discard(user_id, key)


def discard(user_id: int, key: str) -> bool:
    """An unsent form is thrown away, as ``spend`` does; whether there was one.

    Only what was saved is offered to be thrown away, so an unknown key leaves no trace.
    """
    return bool(FormDraft.objects.filter(user_id=user_id, key=key).update(**_gone()))


def _gone() -> dict[str, Any]:
    now = moments.now()
    return {"content": None, "spent_at": now, "saved_at": now}


def is_spent(user_id: int, key: str) -> bool:
    """Whether the form of that key was sent or thrown away."""
    return FormDraft.objects.filter(user_id=user_id, key=key).exclude(spent_at=None).exists()


def sweep() -> int:
    """Delete what is older than ``DAYS``; returns how many."""
    return FormDraft.objects.filter(saved_at__lt=_oldest()).delete()[0]


def _oldest() -> datetime:
    return moments.now() - timedelta(days=DAYS)


def _unsent(user_id: int, seat: str, **where: Any) -> list[Unsent]:
    if seat:
        where["seat__in"] = ("", seat)
    found = FormDraft.objects.filter(
        user_id=user_id, spent_at=None, saved_at__gte=_oldest(), **where
    ).order_by("-saved_at")[: MOST + 1]
    return [
        Unsent(each.key, each.path, each.saved_at, json.loads(each.content.plain()) if each.content else {})
        for each in found
    ]
