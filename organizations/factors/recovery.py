"""Recovery codes: ten at a time, shown once, each good for one sign-in."""

from __future__ import annotations

import base64
import re
import secrets

from foundation import moments
from foundation.forms import typed
from foundation.personal_data.keys import keyed_hash
from organizations.factors.models import RecoveryCode
from organizations.people.models import User

#: How many codes are made, bytes of one, and characters of it that stand together.
COUNT, BYTES, GROUP = 10, 5, 4


def renew(person: User) -> list[str]:
    """Replace the codes of a person; returns the new ones in their text form, for this once."""
    drawn = {base64.b32encode(secrets.token_bytes(BYTES)).decode() for _number in range(COUNT)}
    RecoveryCode.objects.filter(user=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=person, digest=_digest(person, code)) for code in sorted(drawn)
    )
    return [f"{code[:GROUP]}-{code[GROUP:]}" for code in sorted(drawn)]


def left_of(person: User) -> int:
    """How many codes a person has left."""
    return RecoveryCode.objects.filter(user=person, used_at=None).count()


def use(person: User, typed_code: str) -> bool:
    """Use a code up, however it is typed; whether it was right."""
    code = re.sub(r"[^A-Z2-7]", "", typed.folded(typed_code).upper())
    unused = RecoveryCode.objects.filter(user=person, digest=_digest(person, code), used_at=None)
    return bool(unused.update(used_at=moments.now()))


def _digest(person: User, code: str) -> str:
    """The keyed hash of a code of one person."""
    return keyed_hash(f"{person.pk} {code}")
