"""Work items made from objects: their state, parties, next steps, duties apart and clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from foundation.deadlines.models import Clock
from foundation.lifecycle import duties
from foundation.lifecycle.table import Lifecycle, Step
from foundation.parties import Addressee, reached_by
from foundation.roles import Role
from foundation.work_items.models import WorkItem


def items_of(lifecycle: Lifecycle, objects: Sequence[Any]) -> list[WorkItem]:
    """The unsaved work items of objects of one lifecycle, with a few statements for all of them."""
    steps = lifecycle.steps(objects) if lifecycle.steps else {}
    running = Clock.objects.running_on(objects)
    kept = duties.kept_from(lifecycle, lifecycle.transitions, objects)
    items: list[WorkItem] = []
    for obj in objects:
        to_do = _to_do(lifecycle, obj, steps)
        if not to_do and not lifecycle.awaited_in(getattr(obj, lifecycle.field_name)) - {Role.SYSTEM}:
            continue
        shown = _shown(lifecycle, obj, running[obj.pk])
        for addressee, step in to_do.items():
            users = sorted(kept.get((obj.pk, step.name), ()))
            items.append(_item(addressee, shown, step=step.name, address=step.address, kept_from=users))
        others = [addressee for addressee in _watching(lifecycle, obj) if addressee not in to_do]
        items += [_item(addressee, shown) for addressee in others if addressee.definite]
    return items


def _to_do(
    lifecycle: Lifecycle, obj: Any, steps: dict[tuple[int, Role], Step | None]
) -> dict[Addressee, Step]:
    """The next step of each addressee: deciding another's proposal, else the first of the table."""
    found: dict[Addressee, Step] = {}
    second = lifecycle.proposed(obj)
    if second is not None:
        found = dict.fromkeys(reached_by(second.by, obj), Step.of(second, obj))
    for row in lifecycle.fitting(obj):
        for party in row.by:
            if party.role in row.awaited and party.role is not Role.SYSTEM:
                step = steps.get((obj.pk, party.role), Step.of(row, obj))
                if step is not None:
                    found = {**dict.fromkeys(party.addressees(obj), step), **found}
    return {addressee: step for addressee, step in found.items() if addressee.definite}


def _watching(lifecycle: Lifecycle, obj: Any) -> list[Addressee]:
    """Who sees the object wait for others: those of its parties who begin such objects or act in other states."""
    taking_part = lifecycle.taking_part
    return reached_by((party for party in obj.seen_by if party.role in taking_part), obj)


def _shown(lifecycle: Lifecycle, obj: Any, running: list[Clock]) -> dict[str, Any]:
    """The columns of an object's items that are the same for every addressee."""
    clock = running[0] if running else None
    return {
        "lifecycle": lifecycle.label,
        "object_id": obj.pk,
        "case": obj.case_key(),
        "state": getattr(obj, lifecycle.field_name),
        "name": str(obj)[:120],
        "link": obj.get_absolute_url(),
        "title": _in_each_language(obj.row_title),
        "whose": _in_each_language(obj.row_whose),
        "urgent": bool(getattr(obj, "urgent", False)),
        "due_at": clock.due_at if clock else None,
        "paused": bool(clock and clock.paused),
        "provisional": bool(clock and clock.provisional),
        "period": bool(clock and clock.period),
        "basis": clock.basis if clock else "",
    }


def _in_each_language(text: Callable[[], str]) -> dict[str, str]:
    """The text in each language of the product."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = text()
    return found


def _item(addressee: Addressee, shown: dict[str, Any], *, step: str = "", **columns: Any) -> WorkItem:
    """One unsaved item."""
    return WorkItem(
        role=addressee.role,
        organization_id=addressee.organization,
        place_id=addressee.place,
        user_id=addressee.user,
        seat=addressee.seat,
        waits=bool(step),
        step=step,
        **shown,
        **columns,
    )


#: The columns in which an item may differ from what is made anew; ``since`` says when it began.
COMPARED = tuple(field.name for field in WorkItem._meta.concrete_fields if field.name not in ("id", "since"))


def differences(kept: WorkItem, made: WorkItem) -> Iterator[str]:
    """The columns in which two items differ."""
    return (name for name in COMPARED if getattr(kept, name) != getattr(made, name))
