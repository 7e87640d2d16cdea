"""The base class of models that have a lifecycle."""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle import duties
from foundation.lifecycle.table import Lifecycle, Transition
from foundation.parties import Party
from foundation.refusals import NotYours
from foundation.roles import Actor

if TYPE_CHECKING:
    from foundation.lifecycle.glance import Fact


def about(keys: Iterable[tuple[str, int]]) -> models.Q:
    """The condition of rows that name one of these objects by ``lifecycle`` and ``object_id``.

    An object is given as the label of its model and its primary key.
    """
    by_label: dict[str, list[int]] = defaultdict(list)
    for label, pk in keys:
        by_label[label].append(pk)
    conditions = (models.Q(lifecycle=label, object_id__in=pks) for label, pks in by_label.items())
    return functools.reduce(operator.or_, conditions, models.Q(pk__in=[]))


class LifecycleModel(models.Model):
    """A model with a lifecycle: its table, its transitions and how lists name it."""

    lifecycle: ClassVar[Lifecycle]
    #: Relations to single rows that its name and its titles in a worklist need, besides those of its parties.
    worklist_joins: ClassVar[tuple[str, ...]] = ()

    #: The parties who read a field, where not everybody reads it who sees the object (``parties.reads``). Who does
    #: not read ``row_title`` is told in a worklist that it is there and in which state, and neither where nor whose
    #: it is.
    read_by: ClassVar[Mapping[str, Sequence[Party]]] = {}

    #: What the page of a transition shows of the object, where its form names no facts of its own
    #: (``ActionForm.facts``): fields, and properties each with its label. Nobody decides on a blank page.
    at_a_glance: ClassVar[tuple[Fact, ...]] = ()

    #: What the last transition did, in words, where that is not what its label says.
    done_otherwise: str = ""

    created_at = models.DateTimeField(_("创建时间"), default=moments.now, editable=False)

    class Meta:
        abstract = True

    @property
    def status_label(self) -> str:
        """The label of the state in the reader's language."""
        return str(self.lifecycle.states(getattr(self, self.lifecycle.field_name)).label)

    def transitions_for(self, actor: Actor) -> list[Transition]:
        """The transitions that ``actor`` may make now, in the table's order."""
        return self.lifecycle.open_to([self], actor)[self.pk]

    def kept_from(self, row: Transition, actor: Actor) -> NotYours | None:
        """What keeps this person from a transition that others of its parties may make now; None if nothing."""
        if row not in self.lifecycle.fitting(self) or not row.admits(actor, self):
            return None
        return duties.refusal(self.lifecycle, row, self, actor)

    if TYPE_CHECKING:  # each model implements it

        def get_absolute_url(self) -> str:
            """The address of its page."""

    def transitions_at(self) -> str:
        """The address under which its transitions have their pages."""
        return self.get_absolute_url()

    def transition_address(self, row: Transition) -> str:
        """The address of the page of one transition."""
        return f"{self.transitions_at()}{row.name.replace('_', '-')}/"

    def beside(self) -> Sequence[LifecycleModel]:
        """The objects whose work items depend on the state of this one."""
        return ()

    def due_beside(self) -> Sequence[LifecycleModel]:
        """Of the objects beside it those that may be due with it, by ``due_with``: all, unless it says fewer."""
        return self.beside()

    def due_with(self) -> Sequence[LifecycleModel]:
        """The objects that wait for this one: their deadlines are its own too."""
        return ()

    def case_key(self) -> str:
        """What groups the objects of one case in a worklist."""
        return f"{self._meta.label}:{self.pk}"

    def row_title(self) -> str:
        """Its title in a worklist."""
        return str(self)

    def row_in_brief(self) -> str:
        """Its title in a worklist of those who are told no more than that it is there."""
        return str(self)

    def row_whose(self) -> str:
        """Whose it is, masked; "" where it is about nobody."""
        return ""
