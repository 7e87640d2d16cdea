"""Who is awaited for one object and for the open parts of its case, and by when: what its page says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.inbox.notices import enumerated, names_of
from foundation.lifecycle.table import Step
from foundation.parties import Addressee
from foundation.refusals import Words
from foundation.roles import Actor
from foundation.wording import in_this_language
from foundation.work_items.models import WorkItem, seats_of
from foundation.work_items.steps import steps_of

#: Items that are read at most.
MOST = 200


@dataclass(frozen=True)
class Awaited:
    """A step that waits for somebody: of the object itself, or of ``count`` parts of its case.

    ``item`` is the nearest of them; ``mine`` says that the reader is awaited, ``kept`` that the step is
    another's since the reader made the one before. ``page`` is the address of the page that says it.
    """

    page: str
    item: WorkItem
    next: Step
    who: str
    count: int
    of_a_part: bool
    mine: bool
    kept: bool

    @property
    def step(self) -> Words:
        """The label of the step."""
        return self.next.label

    @property
    def part(self) -> str:
        """The name of the part, or how many there are of what kind; "" for the object itself."""
        if not self.of_a_part:
            return ""
        if self.count == 1:
            return in_this_language(self.item.name)
        return _("%(kind)s %(n)s 件") % {"kind": self.item.table.title, "n": self.count}

    @property
    def address(self) -> str:
        """Where the reader makes the step, or sees the part; "" for what he sees already, on this page."""
        part = self.item.link if self.of_a_part and self.count == 1 else ""
        address = self.next.address if self.mine else part
        return "" if address == self.page else address

    @property
    def due_by(self) -> Words:
        """What is to be done by the deadline, where that is not the step; "" otherwise."""
        name = self.item.due_by
        return self.item.table.step_labels.get(name, "") if name != self.next.name else ""

    @property
    def period_over(self) -> bool:
        """Whether a period has ended, after which the step may be made and nobody is late."""
        due = self.item.due_at
        return self.item.period and due is not None and due <= moments.now()


def awaited(obj: Any, reader: Actor) -> list[Awaited]:
    """Every step that waits for somebody: emergencies first, then by deadline, with one statement for the items
    and one for the names.

    The object that its case is named after tells of all parts that this reader has to do with; another object
    of the case only while nobody is awaited for itself.
    """
    items = _items(obj, reader)
    own = [item for item in items if (item.lifecycle, item.object_id) == (obj._meta.label, obj.pk)]
    heads_the_case = obj.case_key() == f"{obj._meta.label}:{obj.pk}"
    at_rest = obj.lifecycle.states(getattr(obj, obj.lifecycle.field_name)).over
    shown = items if heads_the_case or not (own or at_rest) else own
    names = names_of({item.addressee_for(reader) for item in shown}, reader)
    page = obj.get_absolute_url()
    groups = _by_step(shown, own, steps_of(shown))
    return [_together(page, step, group, group[0] not in own, names, reader) for step, group in groups]


def of_others(obj: Any, reader: Actor) -> list[Awaited]:
    """The steps that wait for others than this reader."""
    return [step for step in awaited(obj, reader) if not step.mine]


def _items(obj: Any, reader: Actor) -> list[WorkItem]:
    """The items of the case that wait for somebody, of this object and of those that the reader has items of."""
    here = Q(lifecycle=obj._meta.label, object_id=obj.pk)
    same = {"lifecycle": OuterRef("lifecycle"), "object_id": OuterRef("object_id")}
    seen = Exists(WorkItem.objects.filter(seat__in=seats_of(reader), **same))
    order = (
        ExpressionWrapper(here, BooleanField()).desc(),
        F("urgent").desc(),
        F("due_at").asc(nulls_last=True),
        "id",
    )
    waiting = WorkItem.objects.filter(here | seen, case=obj.case_key(), waits=True).order_by(*order)
    return [item for item in waiting[:MOST] if item.known]


def _by_step(
    items: Iterable[WorkItem], own: Sequence[WorkItem], steps: Mapping[int, Step]
) -> list[tuple[Step, list[WorkItem]]]:
    """The items of the same step of the object, and of the same step of parts of one kind, with the step of the first."""
    found: dict[tuple[bool, str, str], list[WorkItem]] = defaultdict(list)
    for item in items:
        found[item in own, item.lifecycle, steps[item.pk].name].append(item)
    return [(steps[group[0].pk], group) for group in found.values()]


def _together(
    page: str,
    step: Step,
    items: Sequence[WorkItem],
    of_a_part: bool,
    names: dict[Addressee, str],
    reader: Actor,
) -> Awaited:
    """One step of several items, of which the first is the nearest, or the reader's own."""
    seats = seats_of(reader)
    his = [item for item in items if item.seat in seats]
    mine = [item for item in his if reader.user_id not in item.kept_from]
    others = [item for item in items if item not in mine and item.user_id != reader.user_id]
    who = [names[item.addressee_for(reader)] for item in others]
    return Awaited(
        page=page,
        item=mine[0] if mine else items[0],
        next=step,
        who=enumerated([_("您"), *who] if mine else who),
        count=len({item.object_id for item in items}),
        of_a_part=of_a_part,
        mine=bool(mine),
        kept=bool(his) and not mine,
    )
