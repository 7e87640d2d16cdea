"""Model fields that encrypt at rest and mask when shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from psycopg import sql

from foundation.personal_data import keys
from foundation.personal_data.masking import MASKS

#: The purposes of the values read in plain within ``opened``.
_read: ContextVar[set[str] | None] = ContextVar("read", default=None)


@contextmanager
def opened() -> Iterator[set[str]]:
    """Collects which protected values (table.column) are read in plain within the block."""
    found: set[str] = set()
    token = _read.set(found)
    try:
        yield found
    finally:
        _read.reset(token)


class Secret:
    """A personal value. Its text form is masked; ``plain()`` is for actions only."""

    def __init__(self, kind: str, purpose: str, *, sealed: bytes = b"", plain: str | None = None) -> None:
        self.kind = kind
        self.purpose = purpose
        self.sealed = sealed
        self._plain = plain

    def plain(self) -> str:
        """The value itself. Call it in an action that records why, never in a template."""
        read = _read.get()
        if read is not None:
            read.add(self.purpose)
        return self._open()

    def _open(self) -> str:
        if self._plain is None:
            self._plain = keys.decrypt(self.sealed, self.purpose).decode()
        return self._plain

    plain.alters_data = True  # type: ignore[attr-defined]  # keeps templates from calling it

    def __str__(self) -> str:
        return MASKS[self.kind](self._open())

    def __repr__(self) -> str:
        return f"<Secret {self}>"

    def __bool__(self) -> bool:
        return bool(self.sealed or self._plain)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.plain() == other.plain()

    def __hash__(self) -> int:
        return hash(self.plain())


if TYPE_CHECKING:
    _Binary = models.Field  # each field below declares its types of assignment and reading
else:
    _Binary = models.BinaryField


class _Sealed(_Binary):
    """Text encrypted with AES-GCM, bound to its table and column."""

    @property
    def purpose(self) -> str:
        """The table and column to which the cipher text is bound."""
        return f"{self.model._meta.db_table}.{self.column}"

    def of_now(self, sealed: bytes) -> bytes:
        """A cipher text of this column under the current key: of an object that was read before keys were rotated, and is
        saved afterwards, the older one would come back.
        """
        older = keys.ids()[1:]  # what lies under a key that is not there stays as it is
        if not sealed or sealed[0] not in older:
            return sealed
        return keys.encrypt(keys.decrypt(sealed, self.purpose), self.purpose)


class SealedBytesField(_Sealed):
    """A file that its model encrypts with ``purpose``."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = None if value is None else self.of_now(bytes(value))
        return super().get_db_prep_value(sealed, connection, prepared)


class SealedTextField(_Sealed):
    """A free text (story, plan, result), encrypted at rest and plain to whoever may see the object.

    Assign and read text. It cannot be searched.
    """

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def get_default(self) -> str:
        return ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        return keys.decrypt(bytes(value), self.purpose).decode() if value else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = keys.encrypt(value.encode(), self.purpose) if value else b""
        return super().get_db_prep_value(value, connection, prepared)


class EncryptedField(_Sealed):
    """A value that identifies a person: encrypted at rest, and masked whenever it is shown.

    ``kind`` picks the mask. Assign text; read a ``Secret``.
    """

    _pyi_private_set_type: Secret | str
    _pyi_private_get_type: Secret

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Descriptor(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Secret | None:
        if value is None:
            return None
        return Secret(self.kind, self.purpose, sealed=bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, Secret):
            # Cipher text is bound to its column: that of another column is encrypted again.
            own = value.sealed and value.purpose == self.purpose
            value = self.of_now(value.sealed) if own else keys.encrypt(value.plain().encode(), self.purpose)
        return super().get_db_prep_value(value, connection, prepared)


class _Descriptor:
    """Turns assigned text into a ``Secret`` at once, so that nothing shows it plain."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field

    def __get__(self, obj: models.Model | None, owner: type) -> Any:
        if obj is None:
            return self
        if self.field.attname not in obj.__dict__:
            obj.refresh_from_db(fields=[self.field.attname])
        return obj.__dict__[self.field.attname]

    def __set__(self, obj: models.Model, value: Any) -> None:
        if isinstance(value, str):
            value = Secret(self.field.kind, self.field.purpose, plain=value) if value else None
        elif isinstance(value, bytes | memoryview):
            value = Secret(self.field.kind, self.field.purpose, sealed=bytes(value))
        obj.__dict__[self.field.attname] = value


class HashField(models.CharField):
    """The keyed hash of the encrypted field ``of``, by which equal values are found."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        secret = getattr(model_instance, self.of)
        value = keys.keyed_hash(secret.plain()) if secret else ""
        setattr(model_instance, self.attname, value)
        return value


@dataclass(frozen=True)
class SealedColumn:
    """A column whose values are encrypted, its table with the column of its key, and what the values are bound to."""

    table: str
    key: str
    column: str
    purpose: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def identifiers(self) -> dict[str, sql.Identifier]:
        """Table, key and column as a statement names them."""
        return {name: sql.Identifier(getattr(self, name)) for name in ("table", "key", "column")}


def sealed_columns() -> Iterator[SealedColumn]:
    """Every encrypted column of the product."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedField | SealedTextField | SealedBytesField):
                names = (model._meta.db_table, str(model._meta.pk.column), str(field.column))
                yield SealedColumn(*names, field.purpose)
