"""Writing to the journal."""

from __future__ import annotations

from typing import Any

from django.db import models

from foundation import moments
from foundation.journal.models import Entry
from foundation.personal_data.disclosing import delicate
from foundation.personal_data.fields import EncryptedField
from foundation.personal_data.masking import mask_all
from foundation.refusals import Words
from foundation.roles import Actor
from foundation.wording import on_record


def picture(obj: models.Model) -> dict[str, Any]:
    """The stored columns of an object as JSON values.

    Personal fields and texts about people are masked; files and hashes are left out, and so is what
    the model names in ``unjournaled``.
    """
    shown: dict[str, Any] = {}
    excluded, texts = getattr(obj, "unjournaled", ()), delicate(type(obj))
    for field in obj._meta.concrete_fields:
        if field.name in excluded:
            continue
        value = field.value_from_object(obj)
        if isinstance(field, EncryptedField):
            shown[field.attname] = str(value) if value else ""
        elif field.name in texts:
            shown[field.attname] = mask_all(value or "")
        elif isinstance(field, models.BinaryField) or field.name.endswith("_hash"):
            continue
        elif value is None or isinstance(value, bool | int | str | list | dict):
            shown[field.attname] = value
        else:
            shown[field.attname] = str(value)
    return shown


def write(
    kind: str,
    obj: models.Model,
    act: str,
    by: Actor,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: Words = "",
    basis: str = "",
    key: str = "",
    digest: str = "",
    name: object = "",
) -> Entry:
    """Append one entry; of ``before`` and ``after`` only what differs is stored.

    ``name`` says which part of the object it is about; by default the object's own name is stored. Names and reasons
    are stored in the language of the records, whoever acts.
    """
    entry = unsaved(
        kind,
        obj,
        act,
        by,
        before=before,
        after=after,
        reason=reason,
        basis=basis,
        key=key,
        digest=digest,
        name=name,
    )
    entry.save(force_insert=True)
    return entry


def unsaved(
    kind: str,
    obj: models.Model,
    act: str,
    by: Actor,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: Words = "",
    basis: str = "",
    key: str = "",
    digest: str = "",
    name: object = "",
) -> Entry:
    """The same entry, not appended yet, for many that are appended together."""
    before, after = before or {}, after or {}
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    return Entry(
        at=moments.now(),
        lifecycle=kind,
        object_id=obj.pk,
        object_name=on_record(name or obj)[:120],
        move=act,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed if name in after},
        actor_id=by.user_id,
        actor_name=by.name,
        role=by.role,
        organization_id=by.organization_id,
        organization_name=by.organization_name,
        reason=on_record(reason),
        basis=basis,
        request_id=by.request_id,
        address=by.address,
        key=key,
        digest=digest,
    )
