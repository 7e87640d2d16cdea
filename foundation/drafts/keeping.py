"""Drafts of forms, saved while people type, until the form is sent.

Each opened form has a key of its own. A draft is never put into another form by itself:
whoever opens a form sees the unsent ones and opens one by its address. A key whose form was
sent or discarded is spent, and a save that arrives later is refused.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation import moments
from foundation.drafts.models import FormDraft
from foundation.refusals import NotNow, Refused
from foundation.retention import sweeping

Typed = dict[str, list[str]]


#: Fields that are never saved: tokens, and values that the server makes itself.
UNKEPT = {"csrfmiddlewaretoken", "key", "owner", "seen", "search"}


#: Prefix of fields that are secret until they are sent: prices before the opening, passphrases.
CLOSED = "sealed_"


#: The part of the rule that says how long a draft is kept.
RULE, PART = "retention.work", "drafts"


#: Drafts of one person, characters of one draft.
MOST, LARGEST = 50, 60_000


#: The user id of visitors without an account.
NOBODY = 0


@dataclass(frozen=True)
class Unsent:
    """A draft: the key and page of its form, when it was last saved, and the typed values."""

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
    """Save what has been typed into the form ``key`` of ``path`` over what was saved before.

    Returns the time. ``seat`` says in which role the form was opened (``Actor.seat``), ``unkept``
    names fields by which somebody declares or agrees. Raises ``NotNow`` for a form that was sent
    or discarded, ``Refused`` for a draft that is too long or one too many.
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
    columns = {"content": FormDraft(content=text).content, "path": path, "saved_at": now}
    columns["seat"] = seat
    mine = FormDraft.objects.filter(user_id=user_id)
    if mine.filter(key=key, spent_at=None).update(**columns):
        return now
    if user_id != NOBODY and len(unsent(user_id)) >= MOST:
        raise Refused(_("未交的表单太多，这一份没有保存；请先提交或丢弃几份。"))
    try:
        with transaction.atomic():
            FormDraft.objects.create(user_id=user_id, key=key, **columns)
    except IntegrityError:  # spent, or created by another save at the same moment
        if not mine.filter(key=key, spent_at=None).update(**columns):
            raise NotNow(_("这张表单已经提交或丢弃，没有再保存。")) from None
    return now


def restore(user_id: int, key: str, path: str, seat: str = "") -> Unsent | None:
    """The draft of the form ``key`` of ``path``; None if it is spent, too old or another person's."""
    return next(iter(_unsent(user_id, seat, path=path, key=key)), None)


def unsent(user_id: int, path: str = "", seat: str = "") -> list[Unsent]:
    """The drafts of a person, newest first; with ``path`` and ``seat``, those of one page and role."""
    return _unsent(user_id, seat, path=path) if path else _unsent(user_id, seat)


def spend(user_id: int, key: str, path: str) -> None:
    """Mark the key as spent, since the form was sent, and delete what was typed."""
    if not key or discard(user_id, key):
        return
    try:
        with transaction.atomic():
            FormDraft.objects.create(user_id=user_id, key=key, path=path, **_spent_columns())
    except IntegrityError:  # a save was faster
        discard(user_id, key)


def discard(user_id: int, key: str) -> bool:
    """Discard a draft as ``spend`` does; whether there was one. An unknown key leaves no row."""
    return bool(FormDraft.objects.filter(user_id=user_id, key=key).update(**_spent_columns()))


def _spent_columns() -> dict[str, Any]:
    """The column values of a spent draft."""
    now = moments.now()
    return {"content": None, "spent_at": now, "saved_at": now}


def is_spent(user_id: int, key: str) -> bool:
    """Whether the form of that key was sent or discarded."""
    return FormDraft.objects.filter(user_id=user_id, key=key).exclude(spent_at=None).exists()


def _oldest() -> datetime:
    """Drafts saved before this time are too old."""
    return sweeping.oldest(RULE, PART)


def _unsent(user_id: int, seat: str, **where: Any) -> list[Unsent]:
    """The drafts of a person that match ``where``, newest first; with ``seat`` also those of no role."""
    if seat:
        where["seat__in"] = ("", seat)
    drafts = FormDraft.objects.filter(
        user_id=user_id, spent_at=None, saved_at__gte=_oldest(), **where
    ).order_by("-saved_at")[: MOST + 1]
    return [
        Unsent(
            draft.key, draft.path, draft.saved_at, json.loads(draft.content.plain()) if draft.content else {}
        )
        for draft in drafts
    ]


sweeping.keep_rows(RULE, PART, lambda before: FormDraft.objects.filter(saved_at__lt=before))
