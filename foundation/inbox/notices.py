"""Notices: lines in people's inboxes, written in the transaction of the change.

A notice goes to everybody who holds a role at an organization or place. Since it is a row of the
same transaction, none is lost and none is sent for a change that was rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from foundation import moments
from foundation.clauses.quoting import quoted
from foundation.hooks import Hook
from foundation.inbox.models import Notice
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from foundation.deadlines.models import Clock
    from foundation.lifecycle.table import Lifecycle, Start, Transition


#: Gives the name of an audience by the keys of organization, place and person; see ``organizations``.
named: Hook[[int | None, int | None, int | None], str] = Hook()


def recipient_of(obj: models.Model, role: Role) -> str:
    """A role, with the place, body or person who holds it for this object: 窗口工作人员（澄江街道）."""
    label = str(Role(role).label)
    audience = getattr(obj, "audience", None)
    where = audience(role) if audience else ()
    name = "".join(named.call(*where)) if any(where) else ""
    return f"{label}（{name}）" if name else label


def notify(lifecycle: Lifecycle, obj: models.Model, row: Transition | Start, by: Actor) -> None:
    """Notify the roles that have the next primary transition, except the role that acted.

    After a proposal, also those who may decide it.
    """
    text = str(row.sentence) % {"who": by.words}
    state = getattr(obj, lifecycle.field_name)
    for role in sorted(lifecycle.awaited_in(state) - {by.role, Role.SYSTEM}):
        send(obj, role, f"{obj}：{text}")
    second = lifecycle.proposed(obj)
    if second is not None and row.name in second.apart_from:
        _notify_deciders(obj, second, by, f"{obj}：{text}")


def _notify_deciders(obj: models.Model, second: Transition, by: Actor, text: str) -> None:
    """Notify the roles that may decide a proposal; in the proposer's own role only the same organization."""
    for role in sorted(second.roles):
        notice = send(obj, role, text)
        notice.organization_id = by.organization_id if role == by.role else None
        notice.save(update_fields=["organization_id"])


def remind(lifecycle: Lifecycle, clock: Clock) -> None:
    """Notify those who are awaited that their deadline comes near."""
    _notify_awaited(lifecycle, clock, _("时限将到"))


def overdue(lifecycle: Lifecycle, clock: Clock) -> None:
    """Notify those who are awaited, and civil affairs, that a deadline has passed."""
    obj = _notify_late(lifecycle, clock, _("已经逾期"))
    if obj is not None:
        _notify_above(lifecycle, clock, obj, _("已经逾期"), (Role.CIVIL_AFFAIRS,))


def escalated(lifecycle: Lifecycle, clock: Clock, words: str, level: int) -> None:
    """Notify those awaited and civil affairs again; from level 2 on the audit too."""
    obj = _notify_late(lifecycle, clock, words)
    if obj is not None:
        above = (Role.CIVIL_AFFAIRS, Role.AUDITOR) if level > 1 else (Role.CIVIL_AFFAIRS,)
        _notify_above(lifecycle, clock, obj, words, above)


def _notify_above(
    lifecycle: Lifecycle, clock: Clock, obj: models.Model, words: str, above: tuple[Role, ...]
) -> None:
    """Notify the roles ``above`` that others are late; those who are late themselves are left out."""
    late = lifecycle.answers_for(clock, obj)
    who = "、".join(recipient_of(obj, role) for role in sorted(late))
    for role in above:
        if role not in late:
            text = f"{obj}：{words} · {who}" if who else f"{obj}：{words}"
            send(obj, role, f"{text}（{quoted(clock.basis)}）")


def moved(lifecycle: Lifecycle, clock: Clock, words: str) -> None:
    """Notify those awaited that a provisional deadline was moved."""
    _notify_awaited(lifecycle, clock, words)


def paused(lifecycle: Lifecycle, clock: Clock, words: str, by: Actor) -> None:
    """Notify those who are awaited that their deadline was paused, by whom and why."""
    _notify_late(lifecycle, clock, _("%(who)s暂停了计时：%(why)s") % {"who": by.words, "why": words})


def _notify_late(lifecycle: Lifecycle, clock: Clock, words: str) -> models.Model | None:
    """Notify those who answer for the deadline, never the household; returns the object, if it is there."""
    obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
    if obj is not None:
        for role in sorted(lifecycle.answers_for(clock, obj)):
            send(obj, role, f"{obj}：{words}（{quoted(clock.basis)}）")
    return obj


def _notify_awaited(lifecycle: Lifecycle, clock: Clock, words: str) -> models.Model | None:
    """Notify those who are awaited in the clock's state; returns the object, if it is there."""
    obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
    if obj is not None:
        state = clock.state or getattr(obj, lifecycle.field_name)
        for role in sorted(lifecycle.awaited_in(state) - {Role.SYSTEM}):
            send(obj, role, f"{obj}：{words}（{quoted(clock.basis)}）")
    return obj


def send(obj: models.Model, role: Role, text: str) -> Notice:
    """Write one notice about ``obj`` to the holders of ``role``.

    ``audience`` of the object gives the organization, place or person; an object without it means
    every holder of the role.
    """
    organization_id, place_id, user_id = (None, None, None)
    audience = getattr(obj, "audience", None)
    if audience:
        organization_id, place_id, user_id = audience(role)
    return Notice.objects.create(
        at=moments.now(),
        role=role,
        organization_id=organization_id,
        place_id=place_id,
        user_id=user_id,
        lifecycle=obj._meta.label,
        object_id=obj.pk,
        text=text[:300],
        link=obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else "",
    )
