"""Work items made from objects: their state, parties, next steps, duties apart and clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from foundation.deadlines.models import Clock
from foundation.lifecycle import duties
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Step, Transition
from foundation.parties import Addressee, Matching, Party, reached_by
from foundation.refusals import NotNow, Refused
from foundation.roles import PRIVATE, Role
from foundation.wording import in_each_language
from foundation.work_items.models import WorkItem


def items_of(lifecycle: Lifecycle, objects: Sequence[Any]) -> list[WorkItem]:
    """The unsaved work items of objects of one lifecycle, with a few statements for all of them."""
    return items_of_several({lifecycle.label: objects})


def items_of_several(objects: Mapping[str, Sequence[Any]]) -> list[WorkItem]:
    """The same for objects of several lifecycles, given by label."""
    running = _running(list(chain.from_iterable(objects.values())))
    made = (_items(LIFECYCLES[label], found, running) for label, found in objects.items())
    return list(chain.from_iterable(made))


#: The clocks that run on each object, or on what waits for it, each with what it runs on, the nearest first.
Running = dict[tuple[str, int], list[tuple[Clock, Any]]]


def _running(objects: Sequence[Any]) -> Running:
    """The clocks of several objects, and of those with which they are due (``due_with``), in one statement."""
    counting = {obj: (obj, *obj.due_with()) for obj in objects}
    running = Clock.objects.running_by_object(list(chain.from_iterable(counting.values())))
    found: Running = {}
    for obj, sources in counting.items():
        clocks = [(clock, source) for source in sources for clock in running[source._meta.label, source.pk]]
        found[obj._meta.label, obj.pk] = sorted(clocks, key=lambda pair: pair[0].due_at)
    return found


def _binding(running: Sequence[tuple[Clock, Any]], role: Role) -> Clock | None:
    """The nearest clock by which somebody of a role has to act: not one of which the table says that others answer for
    it. A private person answers for none, and is told of all.
    """
    for clock, source in running:
        lifecycle: Lifecycle = source.lifecycle
        said = clock.rule_key in lifecycle.late
        if role in PRIVATE or not said or role in lifecycle.answers_for(clock, source):
            return clock
    return None


def _items(lifecycle: Lifecycle, objects: Sequence[Any], running: Running) -> list[WorkItem]:
    """The items of objects of one lifecycle, of which the running clocks are known."""
    steps = lifecycle.steps(objects) if lifecycle.steps else {}
    kept = duties.kept_from(lifecycle, lifecycle.transitions, objects)
    awaited = {obj.pk: lifecycle.awaited(obj) for obj in objects}
    missing = _missing(lifecycle, objects, awaited)
    among = Matching(objects)
    items: list[WorkItem] = []
    for obj in objects:
        to_do = _to_do(lifecycle, obj, awaited[obj.pk], missing, steps, among)
        if not to_do and not any(awaited[obj.pk].values()):
            continue
        theirs = running[lifecycle.label, obj.pk]
        columns = shown(lifecycle, obj, theirs[0][0] if theirs else None)
        stopped = _stopped(obj, awaited[obj.pk], missing, among)
        own: list[WorkItem] = []
        for addressee, step in to_do.items():
            users = sorted(_kept_from(lifecycle, obj, step, kept))
            due = due_by(lifecycle, _binding(theirs, addressee.role))
            told = {**columns, **due, "address": step.address, "kept_from": users}
            own.append(_item(addressee, told, step=step.name))
        watching = dict.fromkeys([*stopped, *_watching(lifecycle, obj, among)])
        others = [addressee for addressee in watching if addressee not in to_do and addressee.definite]
        nobody = {} if to_do else next(iter(stopped.values()), {})
        own += [_item(addressee, columns, missing=stopped.get(addressee, nobody)) for addressee in others]
        _tell_briefly(obj, own)
        items += own
    return items


def _kept_from(
    lifecycle: Lifecycle, obj: Any, step: Step, kept: Mapping[tuple[int, str], Collection[int]]
) -> Collection[int]:
    """Who may not make a step: of a decision, who may make none of its awaited outcomes."""
    outcomes = [row.name for row in lifecycle.transitions if row.outcome_of == step.name] or [step.name]
    return set.intersection(*({*kept.get((obj.pk, name), ())} for name in outcomes))


def _tell_briefly(obj: Any, items: Sequence[WorkItem]) -> None:
    """Leave the title and whose it is out of the items of those who are told no more of it than that it is there."""
    readers = obj.read_by.get("row_title")
    if readers is None:
        return
    told = {party.role for party in readers}
    brief = [item for item in items if item.role not in told]
    if brief:
        title, whose = in_each_language(obj.row_in_brief, str)
        for item in brief:
            item.title, item.whose = title, whose


#: Transitions in their order, each with the parties who are awaited to make it.
Awaited = dict[Transition, list[Party]]


def _missing(
    lifecycle: Lifecycle, objects: Sequence[Any], awaited: Mapping[int, Awaited]
) -> dict[tuple[int, str], Refused]:
    """What is missing for the steps that are awaited, and for those that a refusal allows instead of them."""
    found = lifecycle.missing((obj, row) for obj in objects for row in awaited[obj.pk])
    allowed = {(pk, name) for (pk, _name), refusal in found.items() for name in refusal.allowed}
    instead = [
        (obj, row) for obj in objects for row in lifecycle.transitions if (obj.pk, row.name) in allowed
    ]
    return found | lifecycle.missing(instead)


def _to_do(
    lifecycle: Lifecycle,
    obj: Any,
    awaited: Awaited,
    missing: Mapping[tuple[int, str], Refused],
    steps: dict[tuple[int, Role], Step | None],
    among: Matching,
) -> dict[Addressee, Step]:
    """The next step of each addressee: an errand before all else, else what ``Lifecycle.steps`` says is to be done
    first, else the first that is awaited of him and waits for nothing; where that is refused, what the refusal
    allows instead.
    """
    errand = lifecycle.errand_with(obj)
    found: dict[Addressee, Step] = {}
    if errand is not None:
        found = dict.fromkeys(reached_by(errand.parties, obj, among), errand.step(obj))
        if reached_by(errand.by, obj, among):
            return found
    second = lifecycle.proposed(obj)
    for row, parties in awaited.items():
        refusal = missing.get((obj.pk, row.name))
        instead = _instead(lifecycle, obj, refusal, missing)
        if instead is not None:
            own: Step | None = Step.of(instead, obj)
            parties = [party for party in instead.by if party.role is not Role.SYSTEM]
        elif refusal is not None:
            own = None if isinstance(refusal, NotNow) else lifecycle.see_to(obj)
        else:
            own = Step.of(row, obj)
        for party in parties:
            step = own if row is second or instead else steps.get((obj.pk, party.role), own)
            if step is not None:
                found = {**dict.fromkeys(party.addressees(obj, among), step), **found}
    return {addressee: step for addressee, step in found.items() if addressee.definite}


def _instead(
    lifecycle: Lifecycle, obj: Any, refusal: Refused | None, missing: Mapping[tuple[int, str], Refused]
) -> Transition | None:
    """The first transition that a refusal allows instead, fits the object, and lacks nothing; None without one."""
    if refusal is None or not refusal.allowed:
        return None
    fitting = {row.name: row for row in lifecycle.fitting(obj) if (obj.pk, row.name) not in missing}
    return next((fitting[name] for name in refusal.allowed if name in fitting), None)


def _stopped(
    obj: Any, awaited: Awaited, missing: Mapping[tuple[int, str], Refused], among: Matching
) -> dict[Addressee, dict[str, str]]:
    """What is missing for the steps that are awaited and lack something, by addressee, in each language."""
    found: dict[Addressee, dict[str, str]] = {}
    for row, parties in awaited.items():
        if refusal := missing.get((obj.pk, row.name)):
            (said,) = in_each_language(refusal.message.__str__)
            found = {**dict.fromkeys(reached_by(parties, obj, among), said), **found}
    return found


def _watching(lifecycle: Lifecycle, obj: Any, among: Matching) -> list[Addressee]:
    """Who sees the object wait for others: those of its parties who begin such objects or act in other states."""
    taking_part = lifecycle.taking_part
    return reached_by((party for party in obj.seen_by if party.role in taking_part), obj, among)


def branches_of(lifecycle: Lifecycle) -> list[str]:
    """The relations over several rows along which the addressees of its objects are found."""
    model: Any = lifecycle.model
    seen = (path for party in model.seen_by for path in party.branches(model))
    return list(dict.fromkeys((*lifecycle.branches, *seen)))


def shown(lifecycle: Lifecycle, obj: Any, clock: Clock | None) -> dict[str, Any]:
    """The columns of an object's items that are the same for every addressee but those who are told less;
    ``clock`` is the nearest.
    """
    name, title, whose = in_each_language(obj.__str__, obj.row_title, obj.row_whose)
    return {
        "lifecycle": lifecycle.label,
        "object_id": obj.pk,
        "case": obj.case_key(),
        "state": getattr(obj, lifecycle.field_name),
        "name": name,
        "link": obj.get_absolute_url(),
        "title": title,
        "whose": whose,
        "urgent": bool(getattr(obj, "urgent", False)),
        **due_by(lifecycle, clock),
    }


def due_by(lifecycle: Lifecycle, clock: Clock | None) -> dict[str, Any]:
    """The columns of an item that a clock gives."""
    return {
        "due_at": clock.due_at if clock else None,
        "due_by": lifecycle.met_by.get(clock.rule_key, "") if clock else "",
        "paused": bool(clock and clock.paused),
        "provisional": bool(clock and clock.provisional),
        "period": bool(clock and clock.period),
        "basis": clock.basis if clock else "",
    }


def _item(addressee: Addressee, columns: dict[str, Any], *, step: str = "", **more: Any) -> WorkItem:
    """One unsaved item."""
    return WorkItem(
        role=addressee.role,
        organization_id=addressee.organization,
        place_id=addressee.place,
        user_id=addressee.user,
        seat=addressee.seat,
        waits=bool(step),
        step=step,
        **columns,
        **more,
    )


#: The columns in which an item may differ from what is made anew; ``since`` says when it began.
COMPARED = tuple(field.name for field in WorkItem._meta.concrete_fields if field.name not in ("id", "since"))


#: Those of them that hold texts by language, as the translations gave them when they were written.
TEXTS = frozenset({"name", "title", "whose", "missing"})


def differences(kept: WorkItem, made: WorkItem) -> Iterator[str]:
    """The columns in which two items differ."""
    return (name for name in COMPARED if getattr(kept, name) != getattr(made, name))
