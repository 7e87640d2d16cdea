"""Files that are kept encrypted in the database."""

from __future__ import annotations

from typing import cast

from django.db import models

from foundation.personal_data import keys
from foundation.personal_data.fields import SealedBytesField


class SealedFile(models.Model):
    """A file whose ``content`` is encrypted and bound to its table: assign what ``seal`` gives, read ``plain``."""

    content = SealedBytesField(editable=False)

    class Meta:
        abstract = True

    @classmethod
    def purpose(cls) -> str:
        """What the cipher text is bound to."""
        return cast(SealedBytesField, cls._meta.get_field("content")).purpose

    @classmethod
    def seal(cls, plain: bytes) -> bytes:
        """The content encrypted."""
        return keys.encrypt(plain, cls.purpose())

    def plain(self) -> bytes:
        """The content decrypted."""
        return keys.decrypt(bytes(self.content), self.purpose())
