"""What each row of an uploaded catalog would do to its draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from catalog.comparisons import comparing
from catalog.editions.models import Edition
from catalog.items import eligibility
from catalog.items.fields import FIELDS, place_names
from catalog.items.item_form import ItemForm, World, as_given
from catalog.items.models import HEADING_CODE, Heading, Item
from catalog.sheets import sheet
from catalog.sheets.models import Import
from foundation.columns import column_of
from foundation.forms import typed
from foundation.remembering import Remembered
from foundation.sheets.notes import said
from foundation.wording import labelled

#: The values of a field without a condition.
_NOTHING: tuple[object, ...] = (None, "", [])


#: The fields that are empty in the row of a heading.
_ITEM_ONLY = tuple(column.name for column in FIELDS if column.name not in ("code", "name", "name_en"))


@dataclass(frozen=True)
class Line:
    """What one row of the file would do; ``number`` is its row in the file, 0 for a removed item.

    ``verdict`` is added, changed, same, removed or refused.
    """

    number: int
    code: str
    name: str
    verdict: str
    changes: tuple[comparing.FieldChange, ...] = ()
    faults: tuple[str, ...] = ()
    #: Shown in any case: who may get a new item, and conditions that are dropped.
    says: tuple[str, ...] = ()
    row: Item | Heading | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Preview:
    """Every row of an import, compared with the draft as it is now."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...]
    digest: str
    notes: tuple[str, ...] = ()

    def having(self, verdict: str) -> list[Line]:
        """The lines with a verdict."""
        return [line for line in self.lines if line.verdict == verdict]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines have each verdict."""
        names = ("added", "changed", "same", "removed", "refused")
        return {name: len(self.having(name)) for name in names}

    @property
    def takes(self) -> bool:
        """Whether the file can be imported, and changes anything."""
        counts = self.counts
        return not counts["refused"] and any(counts[name] for name in ("added", "changed", "removed"))


#: The previews that were made while a page is made.
_remembered: Remembered[dict[int, Preview]] = Remembered("previews", dict)


def preview(waiting: Import, edition: Edition | None = None) -> Preview:
    """What each row would do to the draft as it is now, in seven queries."""
    if edition is not None:
        return _compared([waiting], {edition.pk: edition})[waiting.pk]
    return previews([waiting])[waiting.pk]


def previews(imports: Sequence[Import]) -> dict[int, Preview]:
    """The previews of several imports by primary key, with as many queries as for one."""
    own = {waiting.pk: waiting for waiting in imports}

    def read(keys: list[int]) -> dict[int, Preview]:
        asked = [own[pk] for pk in keys]
        return _compared(asked, Edition.objects.in_bulk({waiting.edition_id for waiting in asked}))

    return _remembered.of_each(list(own), read)


def _compared(imports: Sequence[Import], editions: Mapping[int, Edition]) -> dict[int, Preview]:
    """The previews of imports into these editions."""
    drafts = Drafts.of(editions)
    return {waiting.pk: _Comparer(waiting, drafts).preview() for waiting in imports}


@dataclass(frozen=True)
class Drafts:
    """What rows are compared with: drafts by primary key, their items and headings by code, and what items refer to."""

    editions: Mapping[int, Edition]
    items: Mapping[int, Mapping[str, Item]]
    headings: Mapping[int, Mapping[str, Heading]]
    world: World
    places: dict[str, str]

    @classmethod
    def of(cls, editions: Mapping[int, Edition]) -> Drafts:
        """The drafts as they are now."""
        items: dict[int, dict[str, Item]] = {pk: {} for pk in editions}
        headings: dict[int, dict[str, Heading]] = {pk: {} for pk in editions}
        for item in Item.objects.filter(edition__in=items).select_related("body").defer("search"):
            items[item.edition_id][item.code] = item
        for heading in Heading.objects.filter(edition__in=headings):
            headings[heading.edition_id][heading.code] = heading
        return cls(editions, items, headings, World.now(), place_names())


class _Comparer:
    """Compares the rows of one file with one draft."""

    def __init__(self, waiting: Import, drafts: Drafts) -> None:
        self.waiting, self.edition = waiting, drafts.editions[waiting.edition_id]
        self.rows: list[dict[str, Any]] = waiting.rows["rows"]
        self.world, self.places = drafts.world, drafts.places
        self.form = ItemForm({}, world=self.world)
        self.items, self.headings = drafts.items[self.edition.pk], drafts.headings[self.edition.pk]
        self.in_file: set[str] = set()
        self.named = {self._code(row) for row in self.rows}

    def preview(self) -> Preview:
        """The preview of all rows."""
        lines = [self._line(row) for row in self.rows]
        if self.waiting.replace:
            lines += self._removed()
        text = json.dumps(
            [[line.code, line.verdict, [(c.name, c.after) for c in line.changes]] for line in lines],
            cls=DjangoJSONEncoder,
        )
        return Preview(
            lines=tuple(lines),
            unknown=tuple(self.waiting.rows["unknown"]),
            notes=tuple(said(self.waiting.rows.get("notes", ()))),
            digest=hashlib.sha256(f"{self.edition.revision} {text}".encode()).hexdigest()[:32],
        )

    @staticmethod
    def _code(row: Mapping[str, Any]) -> str:
        """The code of a row, as it is stored."""
        return typed.code(str(row.get("code", "")))

    def _line(self, row: dict[str, Any]) -> Line:
        """What one row would do."""
        code, name = self._code(row), str(row.get("name", ""))
        given = {key: value for key, value in row.items() if key not in ("#", "!")}
        faults: list[str] = list(row.get("!", ()))
        if not code:
            faults.append(_("缺少代码。"))
        elif code in self.in_file:
            faults.append(_("代码在文件中重复。"))
        self.in_file.add(code)
        judge = self._heading if HEADING_CODE.fullmatch(code) else self._item
        verdict, changes, more, found = judge(code, given)
        faults += more
        says = () if faults else self._says(code, found)
        return Line(
            row["#"], code, name, "refused" if faults else verdict, changes, tuple(faults), says, found
        )

    def _says(self, code: str, new: Item | Heading | None) -> tuple[str, ...]:
        """Who may get a new item, and the conditions of an old one that are dropped."""
        if not isinstance(new, Item):
            return ()
        old = self.items.get(code)
        if old is None:
            who = "；".join(eligibility.conditions(new)) or _("不限，人人可以申请")
            return (_("谁可以申请：%(who)s") % {"who": who},)
        return tuple(
            _("放宽：“%(label)s”原来是“%(before)s”，改为不限")
            % {"label": column.label, "before": column.words(old, self.places)}
            for column in FIELDS
            if column.name in sheet.OPEN_WORDS
            and getattr(new, column.name) in _NOTHING
            and getattr(old, column.name) not in _NOTHING
        )

    def _heading(
        self, code: str, given: dict[str, Any]
    ) -> tuple[str, tuple[comparing.FieldChange, ...], list[str], Heading]:
        """Verdict, changes, faults and new heading of a row with a heading's code."""
        old = self.headings.get(code)
        faults = []
        if any(given.get(name) for name in _ITEM_ONLY):
            faults.append(_("大类和小类只填代码和名称，项目的代码应像 B01.02。"))
        name, english = given["name"], given.get("name_en", old.name_en if old else "")
        if not name or len(name) > 60 or len(english) > 80:
            faults.append(_("名称应有 1 至 60 个字。"))
        if len(code) > 1 and code[0] not in self.headings and code[0] not in self.named:
            faults.append(_("缺少大类 %(code)s 的名称行。") % {"code": code[0]})
        new = Heading(pk=old.pk if old else None, edition=self.edition, code=code, name=name, name_en=english)
        changes = tuple(
            comparing.FieldChange(column, str(column_of(Heading, column).verbose_name), before, after)
            for column in ("name", "name_en")
            if old and (before := getattr(old, column)) != (after := getattr(new, column))
        )
        return ("added" if old is None else "changed" if changes else "same"), changes, faults, new

    def _item(
        self, code: str, given: dict[str, Any]
    ) -> tuple[str, tuple[comparing.FieldChange, ...], list[str], Item | None]:
        """Verdict, changes, faults and new item (``None`` with faults) of a row with an item's code."""
        old = self.items.get(code)
        given, faults = self._read_conditions(old, given)
        data = as_given(old, self.world.percent) | given if old else given
        form = self.form
        wrong = form.faults_of(data)
        for name, found in wrong.items():
            field = form.fields.get(name)
            faults += [labelled(field.label, fault) if field else fault for fault in found]
        if code[:3] not in self.headings and code[:3] not in self.named and "code" not in wrong:
            faults.append(_("缺少小类 %(code)s 的名称行。") % {"code": code[:3]})
        if faults:
            return "refused", (), faults, None
        new = Item(pk=old.pk if old else None, edition=self.edition, **form.cleaned_data)
        changes = comparing.changed_fields(old, new, self.places) if old else ()
        return ("added" if old is None else "changed" if changes else "same"), changes, [], new

    def _read_conditions(self, old: Item | None, given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The row with the words for "no condition" read, and the conditions that are not stated.

        An empty cell, or a missing column, never opens an item to more people than before.
        """
        faults = []
        for column in FIELDS:
            word = sheet.OPEN_WORDS.get(column.name)
            if word is None or (old is not None and column.name not in given):
                continue
            text = str(given.get(column.name, ""))
            if sheet.states_no_condition(text):
                given = given | {column.name: ""}
            elif not text and old is None:
                faults.append(
                    _("“%(label)s”没有填。新项目要写明条件，没有限制的写“%(word)s”。")
                    % {"label": column.label, "word": word}
                )
            elif old is not None and not text and getattr(old, column.name) not in _NOTHING:
                faults.append(
                    _("“%(label)s”空着，原来是“%(before)s”。确实要放宽的写“%(word)s”，不改的写原来的条件。")
                    % {"label": column.label, "before": column.words(old, self.places), "word": word}
                )
        return given, faults

    def _removed(self) -> list[Line]:
        """The lines of headings and items that the file does not have."""
        gone: list[Item | Heading] = [
            row
            for rows in (self.headings, self.items)
            for code, row in rows.items()
            if code not in self.in_file
        ]
        return [
            Line(0, row.code, row.name, *self._removal(row), row=row)
            for row in sorted(gone, key=lambda row: row.code)
        ]

    def _removal(self, row: Item | Heading) -> tuple[str, tuple[comparing.FieldChange, ...], tuple[str, ...]]:
        """Verdict, changes and faults; a heading that rows of the file need is refused, not removed."""
        if isinstance(row, Heading) and any(
            code.startswith(row.code) and code != row.code for code in self.in_file
        ):
            return "refused", (), (_("文件中有下级代码，却没有这个分类的名称行。"),)
        return "removed", (), ()
