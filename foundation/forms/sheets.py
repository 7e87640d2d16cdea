"""Forms that take rows from a sheet: what is wrong is told row by row, and nothing is kept until all are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from foundation.forms.actions import ActionForm
from foundation.sheets.faults import told
from foundation.sheets.unpacked import Unreadable


class SheetForm(ActionForm):
    """A form with a file in the field ``sheet``, which is no argument of the action: what was read of it is."""

    keeps_draft = False
    sheet: ClassVar[str] = "file"

    #: Gives the arguments that stand in the file, and what is wrong with it; raises ``Unreadable``.
    read: Callable[[Any], tuple[dict[str, Any], Sequence[str]]]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if file := given.get(self.sheet):
            try:
                read, faults = self.read(file)
            except Unreadable as why:
                read, faults = {}, [str(why)]
            given |= read
            for fault in told(faults):
                self.add_error(self.sheet, fault)
        return given

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found[self.sheet]
        return found
