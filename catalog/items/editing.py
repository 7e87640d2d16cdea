"""Actions on items and headings of an edition, which are allowed while it is a draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from catalog.editions.states import EDITION
from catalog.items.models import HEADING_CODE, Heading, Item
from foundation.journal import sentences, writing
from foundation.lifecycle import duties
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Actor, Role
from foundation.transactions import whole
from foundation.work_items import settling

#: What is written into the journal here.
ADD_ITEM = sentences.act("add_item", gettext_lazy("%(who)s添加了项目"), about="catalog.Edition")
CHANGE_ITEM = sentences.act("change_item", gettext_lazy("%(who)s修改了项目"), about="catalog.Edition")
REMOVE_ITEM = sentences.act("remove_item", gettext_lazy("%(who)s删除了项目"), about="catalog.Edition")
NAME_HEADING = sentences.act("name_heading", gettext_lazy("%(who)s命名了分类"), about="catalog.Edition")
REMOVE_HEADING = sentences.act("remove_heading", gettext_lazy("%(who)s删除了分类"), about="catalog.Edition")


def lock_draft(edition_id: int, by: Actor) -> Edition:
    """Lock and return the edition if it is a draft.

    Raises ``NotYours`` for anybody but civil affairs, and for the last of them who may still approve it;
    ``NotNow`` for an edition that is no draft.
    """
    if by.role != Role.CIVIL_AFFAIRS:
        raise NotYours(_("只有民政可以修改目录。"), rule="S25")
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition_id)
    if not edition.drafted:
        raise NotNow(_("这一版目录已不在起草阶段，请起草新版。"), rule="S25")
    if kept := kept_from_editing(edition, by):
        raise kept
    return edition


def kept_from_editing(edition: Edition, by: Actor) -> NotYours | None:
    """The refusal of whoever alone is left to approve the edition, and could not after changing it."""
    return duties.refusal_of_an_act(EDITION.get_transition("approve"), edition, by, _("修改目录"))


def kept_for_approval(drafts: Iterable[Edition], by: Actor | None) -> list[int]:
    """The primary keys of those drafts that this person does not change, since he alone is left to approve them."""
    last = duties.left_alone(EDITION.get_transition("approve"), [*drafts])
    return [edition for edition, user in last.items() if by is not None and user == by.user_id]


def revise_draft(edition_id: int, by: Actor) -> Edition:
    """Lock and return the draft as ``lock_draft`` does, and count a revision.

    Whoever changes the draft may not approve it, and may leave one person alone who then imports nothing into it.
    """
    edition = lock_draft(edition_id, by)
    Edition.objects.filter(pk=edition_id).update(revision=F("revision") + 1)
    settling.touch(edition, *edition.beside())
    return edition


@whole
def add(edition: Edition, *, by: Actor, code: str, **values: Any) -> Item:
    """Add an item to a draft; ``values`` are those of ``ItemForm``.

    Raises ``Invalid`` for a code that is taken or has no class above it.
    """
    edition = revise_draft(edition.pk, by)
    if edition.items.filter(code=code).exists():
        raise Invalid(_("代码已经用过。"), fields={"code": _("这个代码已经用过。")})
    if not edition.headings.filter(code=code[:3]).exists():
        message = _("还没有小类 %(code)s，请先添加它的名称。") % {"code": code[:3]}
        raise Invalid(message, fields={"code": message})
    item = Item.objects.create(edition=edition, code=code, **values)
    _write(edition, ADD_ITEM, by, item, after=writing.picture(item))
    return item


def stamp(item: Item) -> str:
    """A short hash of the item's values, to detect that somebody else has changed it meanwhile."""
    text = json.dumps(writing.picture(item), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@whole
def change(item: Item, *, by: Actor, seen: str = "", **values: Any) -> Item:
    """Change an item of a draft; its code stays.

    ``seen`` is the stamp of the item that the person saw; raises ``Refused`` where somebody else has
    changed it since.
    """
    edition = revise_draft(item.edition_id, by)
    item = Item.objects.get(pk=item.pk)
    if seen and seen != stamp(item):
        raise Refused(
            _("这个项目刚被他人修改过，没有保存。请在另一页打开它核对；再按一次保存，就以您填写的为准。")
        )
    before = writing.picture(item)
    for name, value in values.items():
        if name != "code":
            setattr(item, name, value)
    item.save()
    _write(edition, CHANGE_ITEM, by, item, before=before, after=writing.picture(item))
    return item


@whole
def remove(item: Item, *, by: Actor) -> None:
    """Remove an item from a draft."""
    edition = revise_draft(item.edition_id, by)
    before = writing.picture(item)
    item.delete()
    _write(edition, REMOVE_ITEM, by, item, before=before)


@whole
def name_heading(edition: Edition, *, by: Actor, code: str, name: str, name_en: str = "") -> Heading:
    """Name a group (``B``) or a class (``B01``) of a draft.

    Raises ``Invalid`` for a code of another form, and a class without its group.
    """
    edition = revise_draft(edition.pk, by)
    if not HEADING_CODE.fullmatch(code):
        message = _("大类是一个字母（如 B），小类再加两位数字（如 B01）。")
        raise Invalid(message, fields={"code": message})
    if len(code) > 1 and not edition.headings.filter(code=code[0]).exists():
        message = _("还没有大类 %(code)s，请先添加它的名称。") % {"code": code[0]}
        raise Invalid(message, fields={"code": message})
    old = edition.headings.filter(code=code).first()
    heading, _new = Heading.objects.update_or_create(
        edition=edition, code=code, defaults={"name": name, "name_en": name_en}
    )
    before = writing.picture(old) if old else {}
    _write(edition, NAME_HEADING, by, heading, before=before, after=writing.picture(heading))
    return heading


@whole
def remove_heading(heading: Heading, *, by: Actor) -> None:
    """Remove a heading from a draft; raises ``Invalid`` while it has classes or items."""
    edition = revise_draft(heading.edition_id, by)
    code = heading.code
    below = (
        edition.items.filter(code__startswith=code).exists()
        or edition.headings.filter(code__startswith=code).exclude(pk=heading.pk).exists()
    )
    if below:
        message = _("%(code)s 下面还有内容，不能删除。") % {"code": code}
        raise Invalid(message, fields={"code": message})
    before = writing.picture(heading)
    heading.delete()
    _write(edition, REMOVE_HEADING, by, heading, before=before)


def _write(edition: Edition, act: str, by: Actor, part: Item | Heading, **more: Any) -> None:
    """Write a journal entry about a part of the edition."""
    writing.write(Edition._meta.label, edition, act, by, basis="S25", name=part, **more)
