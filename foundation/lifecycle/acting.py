"""What happens around every action, always in the same order.

Open a transaction (``whole``, which repeats it once after a deadlock); lock the row; answer a
repeated key; check state, party, separation of duties and reason; run the body; set the status;
write one journal entry; stop and start clocks; write notices; then the follow-up (``Action.then``).
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, TypeVar, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from foundation.advisory_locks import take_lock
from foundation.deadlines import clocks
from foundation.inbox import notices
from foundation.journal import writing
from foundation.journal.models import Entry
from foundation.lifecycle import duties, trigger
from foundation.lifecycle.lacking import Lacks
from foundation.lifecycle.table import OTHERWISE, Lifecycle, M, P, Start, Transition
from foundation.parties import is_one_of
from foundation.personal_data.fields import HashField
from foundation.personal_data.keys import fingerprint
from foundation.refusals import Invalid, KeyReused, NotNow, NotYours
from foundation.roles import Actor
from foundation.transactions import whole
from foundation.wording import listed
from foundation.work_items import settling

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel

R = TypeVar("R")

AnyAction = Callable[..., Any]


def start(lifecycle: Lifecycle, row: Start) -> Callable[[AnyAction], AnyAction]:
    """Wrap a body that returns a new, saved object in the start's state.

    The action takes ``by`` (Actor), an optional ``key`` for safe repetition and
    the body's own keyword arguments; it returns the object. Raises ``NotYours``
    for a wrong role and ``KeyReused`` for a key that was used with other content.
    """

    def decorate(body: AnyAction) -> AnyAction:
        @whole
        @functools.wraps(body)
        def action(*args: Any, by: Actor, key: str = "", **given: Any) -> Any:
            digest = _digest(args, given) if key else ""
            if key:
                take_lock(lifecycle.label, key)
                earlier = _entry_of_key(lifecycle, key, row.name, digest, by)
                if earlier:
                    return lifecycle.model._default_manager.get(pk=earlier.object_id)
            if by.role not in row.roles:
                raise NotYours(_("您当前的身份不能办理“%(act)s”。") % {"act": row.label}, rule=row.basis)
            obj = body(*args, by=by, **given)
            if not is_one_of(row.by, by, obj):
                raise NotYours(
                    _("这不在您的职责范围内，不能办理“%(act)s”。") % {"act": row.label}, rule=row.basis
                )
            writing.write(
                lifecycle.label,
                obj,
                row.name,
                by,
                after=writing.picture(obj),
                basis=row.basis,
                key=key,
                digest=digest,
            )
            clocks.entered(lifecycle, obj, by=by)
            notices.notify(lifecycle, obj, row, by)
            lifecycle.changed.call(obj)
            settling.touch(obj, *obj.beside())
            return obj

        lifecycle.actions[row.name] = action
        return action

    return decorate


class Action(Generic[M, P]):
    """A transition as callers use it: ``action(obj, by=..., ...)`` makes it and returns the fresh object.

    It takes the arguments of its body, ``reason`` where the table asks for one, and an optional
    ``key`` for safe repetition. Raises ``NotNow``, ``NotYours``, ``Invalid``, ``KeyReused`` and
    whatever refusal its body and its follow-up raise.
    """

    def __init__(
        self, lifecycle: Lifecycle, row: Transition, body: Callable[Concatenate[M, P], None]
    ) -> None:
        self.lifecycle, self.row = lifecycle, row
        self.body: Callable[..., object] = body
        self.holds: Callable[[M], object] | None = None
        self.follow_up: Callable[..., None] | None = None
        functools.update_wrapper(self, body)
        self.__qualname__ = f"{lifecycle.label}.{row.name}"
        self._whole = whole(functools.update_wrapper(functools.partial(self._make), self))

    def __call__(self, obj: M, *args: P.args, **given: P.kwargs) -> M:
        return self._whole(obj, *args, **given)

    def then(self, follow_up: Callable[Concatenate[M, P], None]) -> Callable[Concatenate[M, ...], None]:
        """Decorate the follow-up: what is done in the same transaction after all else.

        It gets the object in its new state and the arguments of the body. There is none after a
        repeated key, nor if the body set ``done_otherwise``. Raises ``ValueError`` for a second
        follow-up of the same action. One function may be the follow-up of several actions.
        """
        if self.follow_up is not None:
            raise ValueError(f"{self.__qualname__} has a follow-up already")
        self.follow_up = follow_up
        return follow_up

    def first(self, holds: Callable[[M], object]) -> Callable[[M], object]:
        """Decorate what locks other rows before that of the object, where the order of locks names them before it.

        It gets the object as the caller has it. Raises ``ValueError`` for a second one of the same action.
        """
        if self.holds is not None:
            raise ValueError(f"{self.__qualname__}: what it locks first is said already")
        self.holds = holds
        return holds

    def lacks(self, refusals: Lacks) -> Lacks:
        """Decorate what gives for several objects why the transition is refused for what is missing, with as many
        statements as for one.

        Until nothing is missing it is not offered, its place on the page and the rows of those who would make
        it say what is missing, and whoever tries it gets the refusal. One function may be that of several
        actions. Raises ``ValueError`` for a second function of the same action.
        """
        if self.row.name in self.lifecycle.lacks:
            raise ValueError(f"{self.__qualname__}: what it lacks is said already")
        self.lifecycle.lacks[self.row.name] = refusals
        return refusals

    def foreseen(self, refusals: Lacks) -> Lacks:
        """Decorate what gives for several objects the refusal that the body would raise now for what changes elsewhere
        from minute to minute: places, units, money.

        It is asked where the transition is offered, on the page of the object and in the worklists of those who are
        awaited to make it, and neither by the action, whose body has the last word under its locks, nor for the work
        items that are written. Raises ``ValueError`` for a second function of the same action.
        """
        if self.row.name in self.lifecycle.foreseen:
            raise ValueError(f"{self.__qualname__}: what is foreseen of it is said already")
        self.lifecycle.foreseen[self.row.name] = refusals
        return refusals

    def _make(self, obj: M, *, by: Actor, reason: str = "", key: str = "", **given: Any) -> M:
        """Make the transition, in the order that the module describes."""
        lifecycle, row = self.lifecycle, self.row
        locked = self._locked(obj, key)
        digest = _digest((), {**given, "reason": reason}) if key else ""
        earlier = _entry_of_key(lifecycle, key, row.name, digest, by, locked.pk) if key else None
        if earlier:
            if OTHERWISE in earlier.after:
                locked.done_otherwise = lifecycle.otherwise(row.name)
            return locked
        _check(lifecycle, row, locked, by, reason)
        before, kept, fits = writing.picture(locked), _columns(locked), row.fitting(locked)
        if row.reason:
            given["reason"] = reason
        if self.body(locked, by=by, **given) is not None:
            raise TypeError(
                f"{self.__qualname__}: its body returns something; what follows is named by .then"
            )
        if not fits:  # said here where the body has no words of its own for it
            raise NotNow(_("现在不能办理“%(act)s”。") % {"act": row.label}, rule=row.basis)
        _save(lifecycle, row, locked, kept)
        self._write(locked, before, by=by, reason=reason, key=key, digest=digest)
        if before[lifecycle.field_name] != getattr(locked, lifecycle.field_name):
            clocks.left(lifecycle, locked, before[lifecycle.field_name])
            clocks.entered(lifecycle, locked, by=by)
        notices.notify(lifecycle, locked, row, by)
        lifecycle.changed.call(locked)
        settling.touch(locked, *locked.beside())
        if self.follow_up is not None and not locked.done_otherwise:
            self.follow_up(locked, by=by, **given)
        return locked

    def _locked(self, obj: M, key: str) -> M:
        """The object as it is now, locked against other transitions."""
        if key:
            take_lock(self.lifecycle.label, key)
        if self.row.alone:
            take_lock("alone", self.row.alone(obj) if callable(self.row.alone) else self.row.alone)
        if self.holds is not None:
            self.holds(obj)
        rows = self.lifecycle.model._default_manager.all()
        joins = (*self.lifecycle.joins, *self.row.reads)
        # ``no_key``: rows that refer to the object may still be inserted meanwhile.
        if joins and self.row.name in self.lifecycle.lacks:
            # What is missing may stand in joined rows, and a statement that waited for the lock gives these as
            # they were before it.
            rows.select_for_update(no_key=True).values_list("pk").get(pk=obj.pk)
        else:
            rows = rows.select_for_update(of=("self",), no_key=True)
        found = rows.select_related(*joins) if joins else rows.select_related(None)
        return cast(M, found.get(pk=obj.pk))

    def _write(
        self, moved: M, before: dict[str, Any], *, by: Actor, reason: str, key: str, digest: str
    ) -> None:
        """Write the journal entry of the transition."""
        after = writing.picture(moved)
        if moved.done_otherwise:
            after[OTHERWISE] = True
        writing.write(
            self.lifecycle.label,
            moved,
            self.row.name,
            by,
            before=before,
            after=after,
            reason=reason,
            basis=self.row.basis,
            key=key,
            digest=digest,
        )


class TableAction(Action[M, ...]):
    """A transition without a body: its table says all of it."""

    def __call__(self, obj: M, *, by: Actor, reason: str = "", key: str = "") -> M:
        return super().__call__(obj, by=by, reason=reason, key=key)


def transition(
    lifecycle: Lifecycle, row: Transition
) -> Callable[[Callable[Concatenate[M, P], None]], Action[M, P]]:
    """Make an action of its body: what changes on the locked object besides the status.

    A body that does what ``Transition.otherwise`` says, and not what the label says, sets the
    object's ``done_otherwise`` to ``lifecycle.otherwise(name)``; the journal records it.
    """

    def decorate(body: Callable[Concatenate[M, P], None]) -> Action[M, P]:
        action = Action(lifecycle, row, body)
        lifecycle.actions[row.name] = action
        return action

    return decorate


def act(lifecycle: Lifecycle, row: Transition) -> TableAction[Any]:
    """Make the action of a transition that has no body."""
    action: TableAction[Any] = TableAction(lifecycle, row, _nothing)
    lifecycle.actions[row.name] = action
    return action


def once(key: str, action: Callable[P, R]) -> Callable[P, R]:
    """``action`` with this idempotency key, so that it is done once however often it is called.

    An empty key repeats it every time.
    """
    with_key: Callable[..., R] = action
    return cast(Callable[P, R], functools.partial(with_key, key=key))


def _nothing(obj: LifecycleModel, **given: object) -> None:
    """The body of a ``TableAction``: nothing changes besides the status."""


def _check(lifecycle: Lifecycle, row: Transition, obj: models.Model, by: Actor, reason: str) -> None:
    """Raise ``NotYours``, ``NotNow`` or ``Invalid`` if this person may not make the transition now."""
    state = getattr(obj, lifecycle.field_name)
    if not is_one_of(row.by, by, obj):
        raise NotYours(_("这不在您的职责范围内，不能办理“%(act)s”。") % {"act": row.label}, rule=row.basis)
    if state not in row.arrow.sources:
        allowed = lifecycle.open_to([obj], by)[obj.pk]
        words = (
            _("当前状态是“%(state)s”，不能办理“%(act)s”。您现在可以办理：%(allowed)s。")
            if allowed
            else _("当前状态是“%(state)s”，不能办理“%(act)s”，刚才可能已经有人办过。")
        )
        raise NotNow(
            words
            % {
                "state": lifecycle.states(state).label,
                "act": row.label,
                "allowed": listed(row.label for row in allowed),
            },
            rule=row.basis,
            allowed=[row.name for row in allowed],
        )
    if kept := duties.refusal(lifecycle, row, obj, by):
        raise kept
    for missing in lifecycle.missing([(obj, row)]).values():
        raise missing
    if row.reason is True and not reason.strip():
        raise Invalid(_("请写明理由。"), fields={"reason": _("请写明理由。")}, rule=row.basis)
    if isinstance(row.reason, type) and reason not in row.reason.values:
        raise Invalid(_("请从列表中选择原因。"), fields={"reason": _("请从列表中选择原因。")}, rule=row.basis)


def _columns(obj: models.Model) -> dict[str, Any]:
    """The values of an object by column, copied so far as they can be changed in place."""
    found = {name: obj.__dict__[name] for name in _names(obj) if name in obj.__dict__}
    return {
        name: copy.deepcopy(value) if isinstance(value, dict | list) else value
        for name, value in found.items()
    }


def _names(obj: models.Model) -> list[str]:
    """The names of the columns that are saved."""
    return [
        field.attname for field in obj._meta.concrete_fields if not field.generated and not field.primary_key
    ]


def _save(lifecycle: Lifecycle, row: Transition, obj: models.Model, kept: dict[str, Any]) -> None:
    """Save the object with its new status and what its body changed, naming the transition to the trigger."""
    state = getattr(obj, lifecycle.field_name)
    setattr(obj, lifecycle.field_name, row.arrow.end(state))
    now = _columns(obj)
    changed = {name for name in now if name not in kept or now[name] != kept[name]}
    hashes = [field for field in obj._meta.concrete_fields if isinstance(field, HashField)]
    changed |= {field.attname for field in hashes if field.of in changed}
    if not changed:
        return
    found = lifecycle.model._base_manager.filter(pk=obj.pk)
    if lifecycle.field_name in changed:
        found = found.filter(trigger.named(lifecycle, row.name, obj.pk))
    fields = (field for field in obj._meta.concrete_fields if field.attname in changed)
    found.update(**{field.attname: field.pre_save(obj, add=False) for field in fields})


def _entry_of_key(
    lifecycle: Lifecycle, key: str, name: str, digest: str, by: Actor, pk: int | None = None
) -> Entry | None:
    """The entry that was written with the same key, if any; raises ``KeyReused`` for other content."""
    entry = Entry.objects.filter(lifecycle=lifecycle.label, key=key, actor_id=by.user_id).first()
    if entry is None:
        return None
    if entry.move != name or entry.digest != digest or (pk and entry.object_id != pk):
        raise KeyReused(_("这个请求编号已用于另一次操作，请刷新页面后重试。"))
    return entry


def _digest(args: tuple[Any, ...], given: dict[str, Any]) -> str:
    """What tells the same arguments of an action again, to nobody who has not the key: they name people."""
    return fingerprint(json.dumps([args, given], cls=_StableEncoder, sort_keys=True), "journal")


class _StableEncoder(DjangoJSONEncoder):
    """Encodes an action's arguments so that equal content gives equal text."""

    def default(self, o: Any) -> Any:
        if isinstance(o, models.Model):
            return f"{o._meta.label}:{o.pk}"
        if hasattr(o, "read") and hasattr(o, "name"):
            return str(o.name)
        try:
            return super().default(o)
        except TypeError:
            return str(o)
