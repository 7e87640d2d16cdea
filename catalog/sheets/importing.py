"""The import of an existing catalog from a sheet into a draft: preview first, then all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.fields import FIELDS
from catalog.items.models import Heading, Item
from catalog.sheets import sheet
from catalog.sheets.models import Import
from catalog.sheets.previewing import Preview, preview, previews
from catalog.sheets.states import IMPORT
from foundation.journal import sentences, writing
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.wording import filled


@IMPORT.start("upload")
def upload(*, by: Actor, edition: Edition, file: Any, replace: bool = False) -> Import:
    """Read a sheet (XLSX, CSV) for a draft; nothing is changed yet.

    ``file`` has ``read``, ``name`` and ``kind``; with ``replace``, items that the file does not have will
    be removed. Raises ``Invalid`` on ``file`` if it cannot be read, and as ``lock_draft``.
    """
    edition = editing.lock_draft(edition.pk, by)
    try:
        found = sheet.read(file.read(), file.kind)
    except sheet.Unreadable as fault:
        raise Invalid(str(fault), fields={"file": str(fault)}) from fault
    return Import.objects.create(
        edition=edition,
        file_name=file.name[-120:],
        rows={"rows": found.rows, "unknown": found.unknown, "notes": found.notes},
        replace=replace,
    )


@IMPORT.transition("apply")
def apply(waiting: Import, *, by: Actor, seen: str = "") -> None:
    """Write every row into the draft, or none.

    ``seen`` is the digest of the preview that the person saw; raises ``Refused`` if the draft has changed
    since, or if any row is refused.
    """
    # With the revision before this one, as in the preview that the person saw.
    edition = editing.revise_draft(waiting.edition_id, by)
    found = preview(waiting, edition)
    if refusal := _refused_rows(found):
        raise refusal
    if seen and seen != found.digest:
        raise Refused(_("草稿在您预览之后有了改动，请重新核对预览后再导入。"))
    _save(edition, found)
    writing.write(
        Edition._meta.label,
        edition,
        IMPORTED,
        by,
        after={"file": waiting.file_name, **found.counts},
        basis="S25",
        name=filled("%(edition)s · %(file)s", edition=edition, file=waiting.file_name),
    )


@apply.lacks
def missing_for_importing(imports: Sequence[Import]) -> dict[int, Refused]:
    """Why importing is refused: the edition is no draft now."""
    models.prefetch_related_objects(imports, "edition")
    refusal = NotNow(gettext_lazy("这一版目录已不在起草阶段，请起草新版。"), rule="S25")
    return {waiting.pk: refusal for waiting in imports if not waiting.edition.drafted}


@apply.foreseen
def not_to_be_imported(imports: Sequence[Import]) -> dict[int, Refused]:
    """Why files are not imported into their drafts as these are now: some of their rows are refused."""
    refusals = {pk: _refused_rows(found) for pk, found in previews(imports).items()}
    return {pk: refusal for pk, refusal in refusals.items() if refusal is not None}


def _refused_rows(found: Preview) -> Refused | None:
    """The refusal of a file of which some rows are refused."""
    count = len(found.having("refused"))
    if not count:
        return None
    words = gettext_lazy("有 %(count)s 行不能导入，整份文件都没有导入。请改好文件后重新上传。")
    return Refused(filled(words, count=count), rule="S25")


#: What is written into the journal here.
IMPORTED = sentences.act("import", gettext_lazy("%(who)s从文件导入了目录"), about="catalog.Edition")


drop = IMPORT.act("drop", Import)


def _save(edition: Edition, found: Preview) -> None:
    """Create, change and delete headings and items as the preview says."""
    kinds: tuple[type[Heading | Item], ...] = (Heading, Item)
    for model in kinds:
        rows: Any = model._default_manager
        fresh = [line.row for line in found.having("added") if isinstance(line.row, model)]
        rows.bulk_create(fresh)
        moved = [line.row for line in found.having("changed") if isinstance(line.row, model)]
        names = ["name", "name_en"] if model is Heading else [column.name for column in FIELDS]
        rows.bulk_update(moved, [name for name in names if name != "code"])
        gone = [line.row.pk for line in found.having("removed") if isinstance(line.row, model)]
        rows.filter(edition=edition, pk__in=gone).delete()
