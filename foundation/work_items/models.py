"""Work items: what waits for whom, one row for each addressee of each object."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.parties import Addressee, told
from foundation.refusals import Words
from foundation.roles import Actor, Role
from foundation.wording import in_this_language
from foundation.work_items.statements import NEAREST, NEAREST_OF_CASES, OF_CASES


def seats_of(actor: Actor) -> list[str]:
    """Every addressee that this actor is, as ``Addressee.seat``."""
    own = ({None, actor.organization_id}, {None, actor.place_id}, {None, actor.user_id})
    return [Addressee(actor.role, *keys).seat for keys in itertools.product(*own)]


#: The roles that there are.
ROLES = frozenset(Role.values)


#: How many items are counted at most, in the frame of every page and on the workbench.
COUNTED = 200

#: SQL: of how many cases the items of ``to_do`` are, of so many items at most, and whether there may be more. Each
#: seat is read along the index: asked for all seats at once, or in no order, the planner reads much more of the
#: table than it needs.
COUNT_CASES = """
    SELECT count(DISTINCT "case"), count(*) = %(most_items)s FROM (
        SELECT item."case" FROM unnest(%(seats)s::text[]) AS held(seat)
        CROSS JOIN LATERAL (
            SELECT "case" FROM foundation_workitem
            WHERE seat = held.seat AND waits AND NOT kept_from @> ARRAY[%(user)s]::bigint[]
            ORDER BY paused, urgent DESC, due_at NULLS LAST, id LIMIT %(most_items)s
        ) AS item
        LIMIT %(most_items)s
    ) AS waiting
"""


#: The time before a deadline in which the step comes first that meets it.
PRESSING = timedelta(days=7)


#: Items of a case that are counted at most on the workbench, and objects of it whose addressees are read.
SHOWN_OF_A_CASE, MOST_PARTS = 101, 50


class Counted(NamedTuple):
    """A number of cases, and whether there may be more."""

    cases: int = 0
    more: bool = False


class Nearest(NamedTuple):
    """The first items of one person: to be done, those that he is kept from, and those that wait for others."""

    to_do: list[WorkItem]
    kept: list[WorkItem]
    watched: list[WorkItem]


def _once_a_case(items: Iterable[WorkItem]) -> list[WorkItem]:
    """The first item of each case, in their order."""
    found: dict[str, WorkItem] = {}
    for item in items:
        found.setdefault(item.case, item)
    return list(found.values())


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def addressed_to(self, actor: Actor) -> WorkItemQuerySet:
        """The items of the actor's role, organization, place and person, to be done or waiting for others."""
        return self.filter(seat__in=seats_of(actor))

    def to_do(self, actor: Actor) -> WorkItemQuerySet:
        """What waits for the actor, without what he is kept from."""
        return self.addressed_to(actor).filter(waits=True).exclude(kept_from__contains=[actor.user_id])

    def waiting_with(self, obj: models.Model) -> list[Addressee]:
        """Everybody with whom an object waits."""
        found = self.filter(lifecycle=obj._meta.label, object_id=obj.pk, waits=True).order_by("seat")
        return [item.addressee for item in found]

    def nearest(self, actor: Actor, to_do: int, watched: int) -> Nearest:
        """The first of the actor's items: so many to be done; and so many cases that he is kept from, and that wait
        for others, each by its first item, which knows how many there are of the case (``in_case``). To a private
        person each item is shown as if it were a case. Emergencies come first, then deadlines, at last those whose
        clock stands still. What no table knows any more is left out.
        """
        statement = NEAREST if actor.private else NEAREST_OF_CASES
        given = {"to_do": to_do, "watched": watched, "counted": SHOWN_OF_A_CASE}
        rows = self.raw(statement, {"seats": seats_of(actor), "user": actor.user_id, **given})
        found: list[WorkItem] = [item for item in rows if item.known]
        mine = [item for item in found if item.waits]
        once = list if actor.private else _once_a_case
        return Nearest(
            [item for item in mine if actor.user_id not in item.kept_from][:to_do],
            once(item for item in mine if actor.user_id in item.kept_from)[:watched],
            once(item for item in found if not item.waits)[:watched],
        )

    def of_cases(self, cases: Collection[str], actor: Actor) -> list[WorkItem]:
        """Of each case the items of the first objects that the actor has items of, the one it is named after before
        all others: his own, and those that wait for somebody.
        """
        if not cases:
            return []
        given = {"cases": [*cases], "seats": seats_of(actor), "parts": MOST_PARTS}
        return [item for item in self.raw(OF_CASES, given) if item.known]

    def count_cases(self, actor: Actor) -> Counted:
        """Of how many cases the items are that wait for the actor."""
        given = {"seats": seats_of(actor), "user": actor.user_id, "most_items": COUNTED}
        with connection.cursor() as cursor:
            cursor.execute(COUNT_CASES, given)
            return Counted(*cursor.fetchone())


class WorkItem(models.Model):
    """An object that waits for somebody (``waits``: ``step`` is his next one), or that he sees waiting for others.

    It is written in the transaction of the action or clock that changes it, and can be made again from the
    objects at any time (``rebuild_work_items``). ``case`` groups objects of one case; ``kept_from`` are users
    of this addressee who may not make the step themselves; ``missing`` is what the step of this addressee waits for.
    It, ``name``, ``title`` and ``whose`` are texts by language.
    The deadline is that of the nearest running clock of the object; ``due_by`` is the step that meets it, where that
    is not whatever is awaited (``Lifecycle.met_by``).
    """

    lifecycle = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    role = models.CharField(max_length=20, choices=Role.choices)
    organization_id = models.BigIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    seat = models.CharField(max_length=100)
    waits = models.BooleanField()
    step = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    kept_from = ArrayField(models.BigIntegerField(), default=list)
    missing = models.JSONField(default=dict)
    case = models.CharField(max_length=80)
    state = models.CharField(max_length=20)
    name = models.JSONField()
    link = models.CharField(max_length=200)
    title = models.JSONField()
    whose = models.JSONField()
    urgent = models.BooleanField(_("急难"), default=False)
    due_at = models.DateTimeField(_("到期"), null=True)
    due_by = models.CharField(max_length=40, blank=True)
    paused = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    period = models.BooleanField(default=False)
    basis = models.CharField(_("依据"), max_length=60, blank=True)
    since = models.DateTimeField(_("自"), default=moments.now)

    #: How many items of its case its reader has that wait for him, or for others, as this one does: of
    #: ``SHOWN_OF_A_CASE`` at most, where that was asked.
    in_case: int = 1

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lifecycle", "object_id", "seat"], name="work_item_once"),
            models.CheckConstraint(
                condition=models.Q(waits=True) ^ models.Q(step=""), name="work_item_has_a_step"
            ),
        ]
        indexes = [
            models.Index(
                "seat",
                "waits",
                "paused",
                F("urgent").desc(),
                F("due_at").asc(nulls_last=True),
                "id",
                name="work_item_order",
            ),
            models.Index(fields=["case", "seat"], name="work_item_case"),
            # Few items keep somebody from their step.
            models.Index(fields=["seat"], condition=~models.Q(kept_from=[]), name="work_item_kept"),
        ]

    def __str__(self) -> str:
        return f"{in_this_language(self.name)} {self.seat} {self.step}"

    @property
    def known(self) -> bool:
        """Whether its role and lifecycle still exist, and this knows its state and step: an upgrade may end them."""
        table = LIFECYCLES.get(self.lifecycle)
        if table is None or self.state not in table.state_values or self.role not in ROLES:
            return False
        return not self.step or self.step in table.step_labels

    @property
    def heads_its_case(self) -> bool:
        """Whether it is of the object that its case is named after."""
        return self.case == f"{self.lifecycle}:{self.object_id}"

    @property
    def table(self) -> Lifecycle:
        """The lifecycle of the object."""
        return LIFECYCLES[self.lifecycle]

    @property
    def transition(self) -> Transition | None:
        """The transition that the step is; None for a step that leads to a page, and without one."""
        row = self.table.find(self.step)
        return row if isinstance(row, Transition) else None

    @property
    def step_label(self) -> Words:
        """The label of the step."""
        return self.table.step_labels[self.step]

    @property
    def pressing(self) -> bool:
        """Whether its deadline is near or has passed, so that the step comes first that meets it."""
        return self.due_at is not None and self.due_at - moments.now() < PRESSING and not self.paused

    @property
    def addressee(self) -> Addressee:
        """Who it is addressed to."""
        return Addressee(Role(self.role), self.organization_id, self.place_id, self.user_id)

    def addressee_for(self, reader: Actor) -> Addressee:
        """The same, as far as a reader of the object is told who that is."""
        return told(self.table.acting, self.addressee, reader)

    def overdue(self, now: datetime) -> bool:
        """Whether its deadline has passed and somebody is late."""
        return self.due_at is not None and self.due_at < now and not self.paused and not self.period
