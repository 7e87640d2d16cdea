"""The outbox: what people are told inside the product, written with the change.

A notice goes to everybody who holds a role at an organization or place; it is a
row of the same transaction as the change it tells of, so none is lost and none
is sent for a change that was rolled back: it is there on commit.
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


#: What the person, place or body of an audience is called (by their keys); ``organizations`` says it.
named: Hook[[int | None, int | None, int | None], str] = Hook()


def recipient_of(obj: models.Model, role: Role) -> str:
    """A role, and who holds it for this object: 窗口工作人员(澄江街道)."""
    label = str(Role(role).label)
    audience = getattr(obj, "audience", None)
    where = audience(role) if audience else ()
    name = "".join(named.call(*where)) if any(where) else ""
    return f"{label}（{name}）" if name else label


def notify(lifecycle: Lifecycle, obj: models.Model, row: Transition | Start, by: Actor) -> None:
    """Tell those who now have the next primary move, except the role that acted."""
    who = by.words
    text = str(row.sentence) % {"who": who}
    state = getattr(obj, lifecycle.field_name)
    for role in sorted(lifecycle.awaited_in(state) - {by.role, Role.SYSTEM}):
        send(obj, role, f"{obj}：{text}")
    second = lifecycle.proposed(obj)
    if second is not None and row.name in second.apart_from:
        _to_a_second(obj, second, by, f"{obj}：{text}")


def _to_a_second(obj: models.Model, second: Transition, by: Actor, text: str) -> None:
    """Tell the colleagues of whoever proposed something that another of them decides."""
    for role in sorted(second.roles):
        notice = send(obj, role, text)
        notice.organization_id = by.organization_id if role == by.role else None
        notice.save(update_fields=["organization_id"])


def remind(lifecycle: Lifecycle, clock: Clock) -> None:
    """Tell those who are awaited that their deadline comes near."""
    _to_awaited(lifecycle, clock, _("时限将到"))


def overdue(lifecycle: Lifecycle, clock: Clock) -> None:
    """Tell those who are awaited, and civil affairs, that a deadline has passed."""
    obj = _to_late(lifecycle, clock, _("已经逾期"))
    if obj is not None:
        _to_above(lifecycle, clock, obj, _("已经逾期"), (Role.CIVIL_AFFAIRS,))


def escalated(lifecycle: Lifecycle, clock: Clock, words: str, level: int) -> None:
    """Tell those awaited and civil affairs again; from the second time on the audit too."""
    obj = _to_late(lifecycle, clock, words)
    if obj is not None:
        above = (Role.CIVIL_AFFAIRS, Role.AUDITOR) if level > 1 else (Role.CIVIL_AFFAIRS,)
        _to_above(lifecycle, clock, obj, words, above)


def _to_above(
    lifecycle: Lifecycle, clock: Clock, obj: models.Model, words: str, above: tuple[Role, ...]
) -> None:
    """Tell those who look after others whose deadline it is; nobody is told the same twice."""
    late = lifecycle.answers_for(clock, obj)
    who = "、".join(recipient_of(obj, role) for role in sorted(late))
    for role in above:
        if role not in late:
            text = f"{obj}：{words} · {who}" if who else f"{obj}：{words}"
            send(obj, role, f"{text}（{quoted(clock.basis)}）")


def moved(lifecycle: Lifecycle, clock: Clock, words: str) -> None:
    """Tell those awaited that a provisional deadline has become another day."""
    _to_awaited(lifecycle, clock, words)


def paused(lifecycle: Lifecycle, clock: Clock, words: str, by: Actor) -> None:
    """Tell those who are awaited that their deadline stands still, and by whom."""
    _to_late(lifecycle, clock, _("%(who)s暂停了计时：%(why)s") % {"who": by.words, "why": words})


def _to_late(lifecycle: Lifecycle, clock: Clock, words: str) -> models.Model | None:
    """Tell those who answer for the deadline; never the household."""
    obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
    if obj is not None:
        for role in sorted(lifecycle.answers_for(clock, obj)):
            send(obj, role, f"{obj}：{words}（{quoted(clock.basis)}）")
    return obj


def _to_awaited(lifecycle: Lifecycle, clock: Clock, words: str) -> models.Model | None:
    obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
    if obj is not None:
        state = clock.state or getattr(obj, lifecycle.field_name)
        for role in sorted(lifecycle.awaited_in(state) - {Role.SYSTEM}):
            send(obj, role, f"{obj}：{words}（{quoted(clock.basis)}）")
    return obj


def send(obj: models.Model, role: Role, text: str) -> Notice:
    """Put one notice about ``obj`` to the holders of ``role`` into the outbox.

    The object says which organization or place is meant (``audience``); where
    it says nothing, every holder of the role is.
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
