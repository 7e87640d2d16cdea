"""The timeline: entries of the journal as sentences, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.journal import sentences
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES, OTHERWISE, Transition
from foundation.personal_data.disclosing import Telling, delicate
from foundation.personal_data.masking import mask_all
from foundation.roles import OVERSEERS, PRIVATE, Actor
from foundation.wording import on_record

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel


#: The key in an entry's ``after`` for the name of the person to whom something was given; a sentence says it (``%(to)s``).
TO = "to"

#: An object, by its kind and primary key, and its name on record.
Named: TypeAlias = tuple[str, int, str]


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


def entries_of(
    objects: Iterable[models.Model], *, with_names: bool = True, limit: int = 200, to: Actor | None = None
) -> list[Line]:
    """The entries about ``objects`` in one query, each as a sentence, at most ``limit``.

    ``with_names`` false leaves out the name of the person who acted, as for outsiders; a household sees
    no names either. Entries that are sealed for ``to`` are left out; for None those that are sealed for
    anybody.
    """
    wanted = models.Q(pk__in=[])
    known = list(objects)
    for obj in known:
        wanted |= models.Q(lifecycle=obj._meta.label, object_id=obj.pk)
    entries = list(Entry.objects.open_to(to).filter(wanted)[:limit])
    read_behind(entries, known)
    named = with_names and (to is None or to.role not in PRIVATE)
    local_names = _local_names(known)
    return [_line(entry, named, to, local_names) for entry in entries]


def _local_names(objects: Iterable[models.Model]) -> Mapping[Named, str]:
    """The names of objects in the reader's language, by object and the name on record. An entry that is about a part
    of its object, or was written when the object had another name, keeps that,
    but for ``first_names``, which objects of a kind have before they are named.
    """
    if get_language() == settings.LANGUAGE_CODE:
        return {}
    return {
        (obj._meta.label, obj.pk, on_record(name)[:120]): str(name)
        for obj in objects
        for name in (obj, *getattr(obj, "first_names", ()))
    }


def lines(wanted: models.Q, *, reader: Actor, limit: int = 200) -> list[Line]:
    """The entries of a condition, as ``reader`` may read them; a household sees no names."""
    with_names = reader.role not in PRIVATE
    entries = list(Entry.objects.open_to(reader).filter(wanted)[:limit])
    read_behind(entries)
    local_names = _local_names(_at_hand(entries))
    return [_line(entry, with_names, reader, local_names) for entry in entries]


def _at_hand(entries: Iterable[Entry]) -> Iterator[models.Model]:
    """The objects that entries are about, with one statement for each kind, where their names are said otherwise in the
    reader's language.
    """
    if get_language() == settings.LANGUAGE_CODE:
        return
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[entry.lifecycle].add(entry.object_id)
    for label, pks in wanted.items():
        model = apps.get_model(label)
        joins = getattr(model, "worklist_joins", ())
        yield from model._default_manager.filter(pk__in=pks).select_related(*joins)


def read_behind(entries: Iterable[Entry], known: Iterable[models.Model] = ()) -> None:
    """Have at hand the objects that say how the reasons of several entries are disclosed, with one statement for each
    kind of them that are not ``known``.
    """
    at_hand = {(obj._meta.label, obj.pk): obj for obj in known}
    asking = [entry for entry in entries if entry.reason and _disclosed_as(entry)]
    missing: dict[str, set[int]] = defaultdict(set)
    for entry in asking:
        if (entry.lifecycle, entry.object_id) not in at_hand:
            missing[entry.lifecycle].add(entry.object_id)
    for label, pks in missing.items():
        found = apps.get_model(label)._default_manager.in_bulk(pks)
        at_hand |= {(label, pk): obj for pk, obj in found.items()}
    for entry in asking:
        entry.behind = at_hand.get((entry.lifecycle, entry.object_id))


def in_its_phase_since(obj: LifecycleModel) -> datetime:
    """The moment of the transition that brought an object into the phase that it is in, and that of its beginning
    if it has never been in another.
    """
    return in_their_phases_since([obj])[obj.pk]


def in_their_phases_since(objects: Sequence[LifecycleModel]) -> dict[int, datetime]:
    """The same for several objects of one lifecycle, by primary key, in one statement."""
    if not objects:
        return {}
    table = objects[0].lifecycle
    moves = Entry.objects.filter(
        lifecycle=table.label, object_id__in=[obj.pk for obj in objects], before__has_key=table.field_name
    ).order_by("-at", "-id")
    of_each: dict[int, list[Entry]] = defaultdict(list)
    for entry in moves:
        of_each[entry.object_id].append(entry)
    found: dict[int, datetime] = {}
    for obj in objects:
        its_phase = table.states.in_phase(table.states(getattr(obj, table.field_name)).phase)
        came = (entry.at for entry in of_each[obj.pk] if entry.before[table.field_name] not in its_phase)
        found[obj.pk] = next(came, obj.created_at)
    return found


def _reads_confided(entry: Entry, reader: Actor | None) -> bool:
    """Whether the reader is oversight, or wrote the reason."""
    if reader is None:
        return False
    mine = reader.user_id is not None and entry.actor_id == reader.user_id
    return mine or reader.role in OVERSEERS


def telling_of(entry: Entry, reader: Actor | None) -> Telling:
    """How the reason is disclosed to this reader.

    A reason about somebody is disclosed like the field that ``_disclosed_as`` names, by the object as it is now; one
    about an object that is gone to oversight alone, after a reason; any other to whoever sees the object.
    """
    if sentences.confided(entry.move):
        return Telling.PLAIN if _reads_confided(entry, reader) else Telling.NEVER
    field = _disclosed_as(entry)
    if not field:
        return Telling.PLAIN
    if reader is None:
        return Telling.NEVER
    about = entry.behind
    if about is None:
        return Telling.REASON if reader.overseeing else Telling.NEVER
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
    return str(kind), sentences.sentence_of(entry.move) % {"who": "", "to": _given_to(entry, with_names=True)}


def _given_to(entry: Entry, *, with_names: bool) -> str:
    """To whom something was given, where the entry says so; without names that it was a colleague."""
    return entry.after.get(TO, "") if with_names else _("同事")


def _of_the_own_account(entry: Entry) -> bool:
    """Whether people have done something to their own accounts: they themselves did it, not their offices."""
    return entry.lifecycle == settings.AUTH_USER_MODEL and entry.actor_id == entry.object_id


def _revealed_field(entry: Entry) -> str:
    """The name of the protected value that was revealed, with a colon before it; "" for other entries."""
    name = entry.after.get("field", "") if entry.move == "reveal" else ""
    if not name:
        return ""
    model = apps.get_model(entry.lifecycle)
    known = {
        concrete_field.name: concrete_field.verbose_name for concrete_field in model._meta.concrete_fields
    }
    return _("\uff1a") + str(known[name]) if name in known else ""


def _line(
    entry: Entry,
    with_names: bool,
    reader: Actor | None,
    local_names: Mapping[Named, str] = MappingProxyType({}),
) -> Line:
    """The entry as a line of the timeline; ``local_names`` are what its object is called where it is at hand."""
    lifecycle = LIFECYCLES.get(entry.lifecycle)
    row = lifecycle.find(entry.move) if lifecycle else None
    template = str(row.sentence) if row else sentences.sentence_of(entry.move)
    if isinstance(row, Transition) and row.otherwise and OTHERWISE in entry.after:
        template = str(row.otherwise)
    who = (
        _("本人") if _of_the_own_account(entry) else entry.organization_name or str(entry.get_role_display())
    )
    reason = reason_of(entry, reader)
    if isinstance(row, Transition) and isinstance(row.reason, type) and reason in row.reason.values:
        reason = str(row.reason(reason).label)
    asks = bool(reason) and telling_of(entry, reader) is Telling.REASON
    return Line(
        at=entry.at,
        sentence=template % {"who": who, "to": _given_to(entry, with_names=with_names)}
        + _revealed_field(entry),
        subject=local_names.get((entry.lifecycle, entry.object_id, entry.object_name), entry.object_name),
        reason=reason,
        basis=entry.basis,
        actor=entry.actor_shown if with_names else "",
        entry=entry.pk,
        asks=asks,
    )
