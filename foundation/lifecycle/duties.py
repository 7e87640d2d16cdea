"""Duties apart: who may not make a transition because of who he is or what he did before.

It is asked before a button is drawn, when the API lists ``moves``, when work items are written, and once
more by the action itself. For any number of objects the journal is asked by one statement, who holds a
role by another, and each ``Bar`` by what its function asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from foundation.journal.models import Entry
from foundation.parties import Addressee, Matching, people_meant, reached_by
from foundation.refusals import NotYours, Refused, Words

if TYPE_CHECKING:
    from foundation.lifecycle.table import Lifecycle, Start, Transition
    from foundation.roles import Actor


@dataclass(frozen=True, eq=False)
class Bar:
    """What keeps certain people from a transition: a conflict of interest, own work, a vote already given.

    ``people`` gives for several objects, by primary key, the keys of the users who are kept from it, with
    as many statements as for one object; ``words`` is what they are told (``%(act)s`` stands for the label of
    the transition), ``basis`` the clause. ``by_day`` says that ``people`` asks the date or a rule of the
    date, so that the day alone may change whom it keeps.
    """

    people: Callable[[Sequence[Any]], Mapping[int, Collection[int]]]
    words: Words
    basis: Words = ""
    by_day: bool = False


#: The users kept from a transition of an object, by its primary key and the transition's name, each with why.
Kept = dict[tuple[int, str], dict[int, NotYours]]


def kept_from(lifecycle: Lifecycle, rows: Iterable[Transition], objects: Sequence[Any]) -> Kept:
    """Who is kept from which transition of which object, and the refusal that he would get."""
    asked = list(rows)
    prepared = [(row, second) for row in asked for second in lifecycle.prepares.get(row.name, ())]
    kept = _kept_apart(lifecycle, dict.fromkeys([*asked, *(second for _, second in prepared)]), objects)
    meant = _meant([second for _, second in prepared], objects)
    for row, second in prepared:
        for obj in objects:
            last = _last(meant[obj.pk, second.name], kept[obj.pk, row.name], kept[obj.pk, second.name])
            if last is not None:
                kept[obj.pk, row.name][last] = _only_one_left(row.label, second)
    return kept


def may_keep_somebody(lifecycle: Lifecycle, row: Transition) -> bool:
    """Whether anybody may be kept from a transition: by what he did, by a bar, or as the last one left for a
    four-eyes step that it prepares.
    """
    return bool(row.apart_from or row.bars or lifecycle.prepares.get(row.name))


def refusal_of_an_act(second: Transition, obj: Any, by: Actor, act: Words) -> NotYours | None:
    """The refusal of the last person who may make the four-eyes transition ``second``, for an act that would keep
    him from it and is no transition; None if another is left.
    """
    last = left_alone(second, [obj]).get(obj.pk)
    return _only_one_left(act, second) if last is not None and last == by.user_id else None


def left_alone(second: Transition, objects: Sequence[Any]) -> dict[int, int]:
    """The user who alone is left to make the four-eyes transition ``second``, by the primary key of the object;
    nobody where several are left, or none could make a step before it in his place.
    """
    if not objects:
        return {}
    kept = kept_from(objects[0].lifecycle, [second], objects)
    meant = _meant([second], objects)
    last = {obj.pk: _last(meant[obj.pk, second.name], {}, kept[obj.pk, second.name]) for obj in objects}
    return {pk: user for pk, user in last.items() if user is not None}


def _kept_apart(lifecycle: Lifecycle, rows: Iterable[Transition], objects: Sequence[Any]) -> Kept:
    """Who is kept from a transition by what he did before, or by one of its bars."""
    wanted = [row for row in rows if row.apart_from or row.bars]
    kept: Kept = defaultdict(dict)
    if not wanted or not objects:
        return kept
    made = _makers(lifecycle, {name for row in wanted for name in row.apart_from}, objects)
    barred = {bar: bar.people(objects) for bar in dict.fromkeys(bar for row in wanted for bar in row.bars)}
    for row in wanted:
        for obj in objects:
            for bar in row.bars:
                for user in barred[bar].get(obj.pk, ()):
                    kept[obj.pk, row.name][user] = NotYours(
                        str(bar.words) % {"act": row.label}, rule=str(bar.basis or row.basis)
                    )
            for name in row.apart_from:
                for user in made.get((obj.pk, name), ()):
                    kept[obj.pk, row.name][user] = _second_person(row)
    return kept


def refusal(lifecycle: Lifecycle, row: Transition, obj: Any, by: Actor) -> NotYours | None:
    """The refusal of this person for the transition of this object; None if nothing keeps him from it."""
    if row.by_a_second_person and not by.is_a_second_person:
        return _of_people_alone(row) if by.program else _of_own_role(row)
    if by.user_id is None:
        return None
    return kept_from(lifecycle, [row], [obj])[obj.pk, row.name].get(by.user_id)


def refused_start(lifecycle: Lifecycle, row: Start, by: Actor) -> Refused | None:
    """Why ``by`` cannot begin an object now, whatever is filled in; None if nothing is known against it."""
    barred = lifecycle.barred.get(row.name)
    return barred(by) if barred else None


def _meant(rows: Sequence[Transition], objects: Sequence[Any]) -> dict[tuple[int, str], set[int]]:
    """The people of the parties to each transition of each object today, with one statement for all of them."""
    if not rows or not objects:
        return {}
    among = Matching(objects)
    seats = {(obj.pk, row.name): reached_by(row.by, obj, among) for obj in objects for row in rows}
    people: dict[Addressee, Collection[int]] = {}
    for part in people_meant.call({seat for found in seats.values() for seat in found}):
        people |= part
    return {key: {user for seat in found for user in people.get(seat, ())} for key, found in seats.items()}


def _last(people: Collection[int], kept_now: Collection[int], kept_then: Collection[int]) -> int | None:
    """Who alone is left for the four-eyes step, where somebody else may make the one before it; None for nobody.

    ``kept_now`` are kept from the step that prepares, ``kept_then`` from the four-eyes step.
    """
    left = set(people) - set(kept_then)
    others = set(people) - left - set(kept_now)
    return left.pop() if len(left) == 1 and others else None


def _only_one_left(act: Words, second: Transition) -> NotYours:
    """The refusal of the last person who may make the four-eyes step, for a step that would keep him from it."""
    words = _("若由您办理“%(act)s”，就没有另一人可以办理“%(second)s”，请由此前的经办人办理。")
    return NotYours(words % {"act": act, "second": second.label}, rule=second.basis or _("不相容职责分离"))


def _of_people_alone(row: Transition) -> NotYours:
    """The refusal of a program for a step of two people (four eyes): its maker's word is not that of a second person."""
    words = _("“%(act)s”要由另一个人亲自办理\uff0c程序不能代办。请本人登录网页办理。") % {"act": row.label}
    return NotYours(words, rule=row.basis or _("不相容职责分离"))


def _of_own_role(row: Transition) -> NotYours:
    """The refusal of a role that is lent for an hour, for a step of two people."""
    words = _("“%(act)s”是两人把关的第二步\uff0c应急授权里不能办。请由本来就有这个身份的人办理。") % {
        "act": row.label
    }
    return NotYours(words, rule=row.basis or _("不相容职责分离"))


def _second_person(row: Transition) -> NotYours:
    """The refusal of whoever made a step that another person must follow (four eyes)."""
    words = _("前一步由您本人办理，“%(act)s”须由另一人办理。") % {"act": row.label}
    return NotYours(words, rule=row.basis or _("不相容职责分离"))


def _makers(
    lifecycle: Lifecycle, names: Collection[str], objects: Sequence[Any]
) -> dict[tuple[int, str], set[int]]:
    """The users who made transitions of these names, by object and name.

    Any that was ever made counts, but of a proposal only the last, since the earlier ones have been
    decided; otherwise two people who have each proposed once would block the object.
    """
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    if not names:
        return found
    entries = Entry.objects.filter(
        lifecycle=lifecycle.label, object_id__in=[obj.pk for obj in objects], move__in=names
    )
    for pk, name, user in entries.order_by("id").values_list("object_id", "move", "actor_id"):
        if getattr(lifecycle.find(name), "proposal", False):
            found[pk, name].clear()
        if user is not None:
            found[pk, name].add(user)
    return found
