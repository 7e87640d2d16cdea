"""What two values of a rule have that the other has not, part by part: of a list its items, of anything else before and
after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.rules.fields import SPANS, UNITS, Field, key_of, leaves
from foundation.wording import labelled, listed


@dataclass(frozen=True)
class Change:
    """One part: what it is called, what it was and what it would be; of a list of names or pairs also what is ``added``
    and what is taken away (``removed``).
    """

    label: str
    before: str
    after: str
    of_a_list: bool = False
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def items(self) -> list[str]:
        """What is added to a list and what is taken away, in words; that nothing is, if only their order changes."""
        found = [(_("新增"), self.added), (_("去掉"), self.removed)]
        return [labelled(what, listed(items)) for what, items in found if items] or [_("只改了先后")]

    @property
    def said(self) -> str:
        """The change in words."""
        if not self.of_a_list:
            given = {"part": self.label, "before": self.before, "after": self.after}
            return _("“%(part)s”现在是%(before)s，这项修改要改成%(after)s") % given
        if not self.added and not self.removed:
            return _("“%(part)s”只改了先后") % {"part": self.label}
        change = _("；").join(self.items)
        return _("“%(part)s”要%(change)s") % {"part": self.label, "change": change}


def changes(
    fields: Mapping[str, Field], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Change, ...]:
    """The parts in which two values differ."""
    old, new = leaves(before), leaves(after)
    return tuple(
        _change(one, old.get(path), new[path], _unit(path, old), _unit(path, new))
        for path, one in fields.items()
        if path in new and old.get(path) != new[path]
    )


def _unit(path: str, leaves: Mapping[str, Any]) -> str:
    """What the span of a deadline counts, as the part beside it says."""
    return SPANS.get(str(leaves.get(f"{path.rpartition('.')[0]}.unit".lstrip("."))), "span")


def _change(part: Field, before: Any, after: Any, unit_before: str, unit_after: str) -> Change:
    """How one part differs; ``before`` is None of one that the value did not have. A span has the units of its time."""
    was = "—" if before is None else part.said(before)
    if part.unit == "span":
        was = was if before is None else f"{was} {UNITS[unit_before]}"
        return Change(part.label, was, f"{part.said(after)} {UNITS[unit_after]}")
    if not part.listing:
        return Change(part.label, was, part.said(after))
    old = before or []
    return Change(
        part.label, was, part.said(after), True, _beyond(part, after, old), _beyond(part, old, after)
    )


def _beyond(part: Field, items: Sequence[Any], others: Sequence[Any]) -> tuple[str, ...]:
    """Those of the items that are not among the others, in words."""
    known = {key_of(one) for one in others}
    return tuple(part.item_said(one) for one in items if key_of(one) not in known)
