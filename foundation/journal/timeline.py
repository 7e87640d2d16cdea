"""The timeline: entries of the journal as sentences, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES, OTHERWISE, Transition
from foundation.personal_data.disclosing import Telling, delicate
from foundation.personal_data.masking import mask_all
from foundation.roles import OVERSEERS, PRIVATE, Actor


@dataclass(frozen=True)
class Line:
    """One sentence of the timeline; ``subject`` names the object it is about.

    ``asks`` is true where the reader may see the reason only after giving one; it is ``***`` then.
    """

    at: datetime
    sentence: str
    subject: str
    reason: str
    basis: str
    actor: str
    entry: int
    asks: bool


#: The sentences of entries that are no rows of a lifecycle table.
ACTS = {
    "reveal": _("%(who)s查看了受保护的信息"),
    "look_up": _("%(who)s按证件号查找"),
    "recognise": _("%(who)s按证件重新登记了一个人"),
    "rename": _("%(who)s按证件改了姓名"),
    "change_guardian": _("%(who)s更换了监护人"),
    "end_account": _("网上查看的账号已停用"),
    "overdue": _("时限已过，系统登记逾期"),
    "remind": _("系统提醒：时限将到"),
    "pause": _("%(who)s暂停计时"),
    "resume": _("%(who)s恢复计时"),
    "escalate": _("系统督办"),
    "send_again": _("%(who)s重发了没有送达的短信"),
    "recompute": _("放假安排公布，系统重算了时限"),
    "document": _("%(who)s生成了文书"),
    "open": _("%(who)s打开了文书"),
    "register": _("%(who)s登记了家庭"),
    "consent": _("%(who)s记录了家庭的单独同意"),
    "send_code": _("%(who)s请系统给家庭发了确认码"),
    "wrong_code": _("%(who)s输错了家庭的确认码"),
    "add_item": _("%(who)s添加了项目"),
    "change_item": _("%(who)s修改了项目"),
    "remove_item": _("%(who)s删除了项目"),
    "name_heading": _("%(who)s命名了分类"),
    "remove_heading": _("%(who)s删除了分类"),
    "import": _("%(who)s从文件导入了目录"),
    "add_paper": _("%(who)s上传了材料"),
    "create_administrator": _("建立了民政部门的第一个账号"),
    "carry_over": _("服务申报随新版目录延续"),
}


#: Entries whose reason is about a person; oversight reads it, and whoever wrote it.
CONFIDING = ("reveal", "look_up", "recognise", "open", "change_guardian")


def entries_of(
    objects: Iterable[models.Model], *, with_names: bool = True, limit: int = 200, to: Actor | None = None
) -> list[Line]:
    """The entries about ``objects`` in one query, each as a sentence, at most ``limit``.

    ``with_names`` false leaves out the name of the person who acted, as for outsiders. Entries that
    are sealed for ``to`` are left out; for None those that are sealed for anybody.
    """
    wanted = models.Q(pk__in=[])
    for obj in objects:
        wanted |= models.Q(lifecycle=obj._meta.label, object_id=obj.pk)
    entries = Entry.objects.open_to(to).filter(wanted)
    return [_line(entry, with_names, to) for entry in entries[:limit]]


def lines(wanted: models.Q, *, reader: Actor, limit: int = 200) -> list[Line]:
    """The entries of a condition, as ``reader`` may read them; a household sees no names."""
    with_names = reader.role not in PRIVATE
    entries = Entry.objects.open_to(reader).filter(wanted)
    return [_line(entry, with_names, reader) for entry in entries[:limit]]


def _reads_confided(entry: Entry, reader: Actor | None) -> bool:
    """Whether the reader is oversight, or wrote the reason."""
    if reader is None:
        return False
    mine = reader.user_id is not None and entry.actor_id == reader.user_id
    return mine or reader.role in OVERSEERS


def telling_of(entry: Entry, reader: Actor | None) -> Telling:
    """How the reason is disclosed to this reader.

    A reason about somebody is disclosed like the field that ``_disclosed_as`` names; any other to
    whoever sees the object.
    """
    if entry.move in CONFIDING:
        return Telling.PLAIN if _reads_confided(entry, reader) else Telling.NEVER
    field = _disclosed_as(entry)
    if not field:
        return Telling.PLAIN
    if reader is None:
        return Telling.NEVER
    about: Any = apps.get_model(entry.lifecycle)(pk=entry.object_id)
    return about.discloses(field, reader)


def _disclosed_as(entry: Entry) -> str:
    """The field about people whose disclosure the entry's reason follows; "" for none."""
    lifecycle = LIFECYCLES.get(entry.lifecycle)
    row = lifecycle.find(entry.move) if lifecycle else None
    if isinstance(row, Transition) and row.kept_in:
        return row.kept_in
    chosen = isinstance(row, Transition) and isinstance(row.reason, type)
    said = entry.move == "pause" or (isinstance(row, Transition) and row.reason and not chosen)
    return getattr(apps.get_model(entry.lifecycle), "reasons_as", "") if said else ""


def reason_of(entry: Entry, reader: Actor | None) -> str:
    """The reason as ``reader`` may read it: the text, ``***`` or ""."""
    telling = telling_of(entry, reader)
    if telling is Telling.PLAIN:
        return entry.reason
    return mask_all(entry.reason) if telling is Telling.REASON else ""


def picture_of(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
    """``before`` or ``after`` of an entry with texts about people masked.

    Columns that are no longer journaled are left out; older entries may hold both.
    """
    model = apps.get_model(entry.lifecycle)
    texts, excluded = delicate(model), getattr(model, "unjournaled", ())
    return {
        name: mask_all(str(value or "")) if name in texts else value
        for name, value in values.items()
        if name not in excluded
    }


def words_of(entry: Entry) -> tuple[str, str]:
    """The kind of object an entry is about, and what was done, in words."""
    lifecycle = LIFECYCLES.get(entry.lifecycle)
    row = lifecycle.find(entry.move) if lifecycle else None
    kind = lifecycle.title if lifecycle else apps.get_model(entry.lifecycle)._meta.verbose_name
    if row:
        return str(kind), str(row.label)
    return str(kind), str(ACTS.get(entry.move, entry.move)) % {"who": ""}


def _revealed_field(entry: Entry) -> str:
    """The name of the protected value that was revealed, with a colon before it; "" for other entries."""
    name = entry.after.get("field", "") if entry.move == "reveal" else ""
    if not name:
        return ""
    model = apps.get_model(entry.lifecycle)
    known = {
        concrete_field.name: concrete_field.verbose_name for concrete_field in model._meta.concrete_fields
    }
    return f":{known[name]}" if name in known else ""


def _line(entry: Entry, with_names: bool, reader: Actor | None) -> Line:
    """The entry as a line of the timeline."""
    lifecycle = LIFECYCLES.get(entry.lifecycle)
    row = lifecycle.find(entry.move) if lifecycle else None
    template = str(row.sentence) if row else str(ACTS.get(entry.move, entry.move))
    if isinstance(row, Transition) and row.otherwise and OTHERWISE in entry.after:
        template = str(row.otherwise)
    who = entry.organization_name or str(entry.get_role_display())
    reason = reason_of(entry, reader)
    if isinstance(row, Transition) and isinstance(row.reason, type) and reason in row.reason.values:
        reason = str(row.reason(reason).label)
    asks = bool(reason) and telling_of(entry, reader) is Telling.REASON
    return Line(
        at=entry.at,
        sentence=template % {"who": who} + _revealed_field(entry),
        subject=entry.object_name,
        reason=reason,
        basis=entry.basis,
        actor=entry.actor_shown if with_names else "",
        entry=entry.pk,
        asks=asks,
    )
