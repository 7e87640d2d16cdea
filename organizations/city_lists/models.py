"""Lists of places, bodies or windows that wait to be entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.wording import aside, labelled
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.city_lists.states import CITY_LIST, CityListStatus
from organizations.city_lists.telling import Telling
from organizations.people.models import User
from organizations.permissions import SEES_CITY_LISTS

#: How many rows are shown to whoever confirms a list.
ROWS_AT_A_GLANCE = 10


class CityList(LifecycleModel):
    """The rows of a sheet, read and found right.

    ``rows`` are mappings with the number of the row in the file (``n``) and the texts of its cells (``cells``, by the
    name of the column). ``shown`` says of each what becomes of it: its number, its title, its ``Outcome``, the name
    of the closed place whose code it takes (``formerly``), and the ``changes`` as the name of the column, what was
    there before, and what is there then, and the bodies that bear its name (``beside``); these are plain values, which ``columns.said`` puts into the reader's words.
    ``notes`` are on what of the file was not read (``foundation.sheets.notes``).
    """

    lifecycle = CITY_LIST
    seen_by = SEES_CITY_LISTS
    at_a_glance = (
        "kind",
        ("new", _("新增\uff08行\uff09")),
        ("changed", _("有变化\uff08行\uff09")),
        ("unchanged", _("没有变化\uff08行\uff09")),
        ("first_rows_in_words", _("逐行结果")),
    )
    unjournaled = ("rows", "shown", "notes")

    kind = models.CharField(_("清单的内容"), max_length=10, choices=CityListKind.choices)
    file_name = models.CharField(_("文件名"), max_length=120)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传的人"))
    rows = models.JSONField(default=list)
    shown = models.JSONField(_("逐行结果"), default=list)
    notes = models.JSONField(default=list)
    new = models.PositiveIntegerField(_("新增"))
    changed = models.PositiveIntegerField(_("有变化"))
    unchanged = models.PositiveIntegerField(_("没有变化"))
    status = models.CharField(
        _("状态"), max_length=20, choices=CityListStatus.choices, default=CityListStatus.READ
    )

    objects = SeenQuerySet["CityList"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [CITY_LIST.trigger()]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("city-list", args=[self.pk])

    @property
    def first_rows_in_words(self) -> list[str]:
        """What becomes of the first that the rows name and change, a line for each, and how many rows there are besides."""
        together: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for row in self.shown:
            if row["outcome"] != Outcome.UNCHANGED:
                together.setdefault((row["title"], row["outcome"]), []).append(row)
        telling, groups = Telling(self.kind, self.rows), list(together.items())
        told = [
            labelled(title, _outcome_of(outcome, rows, telling))
            for (title, outcome), rows in groups[:ROWS_AT_A_GLANCE]
        ]
        left = sum(len(rows) for _key, rows in groups[ROWS_AT_A_GLANCE:])
        return [*told, gettext("还有 %(n)s 行") % {"n": left}] if left else told

    @property
    def count(self) -> int:
        """How many rows it has."""
        return self.new + self.changed + self.unchanged


def _outcome_of(outcome: str, rows: Sequence[Mapping[str, Any]], telling: Telling) -> str:
    """What becomes of several rows about one: with their number, and what changes of it."""
    label = str(Outcome(outcome).label)
    if len(rows) > 1:
        label = aside(label, gettext("%(n)s 行") % {"n": len(rows)})
    if outcome != Outcome.CHANGED:
        return label
    return " · ".join((label, *(line for row in rows for line in telling.lines_of(row))))
