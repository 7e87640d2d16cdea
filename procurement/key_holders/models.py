"""Key holders: each has a share of the key that opens the bids of a purchase."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ANSWERING, ASKED, SERVING
from foundation.parties import SeenQuerySet
from foundation.personal_data.fields import SealedBytesField
from procurement.key_holders.states import KEY_HOLDER, KeyHolderStatus
from procurement.permissions import SEES_KEY_HOLDERS
from procurement.seat import Seat


class KeyHolderQuerySet(SeenQuerySet["KeyHolder"]):
    def on_duty(self) -> KeyHolderQuerySet:
        """Holders whose task has not ended."""
        return self.filter(status__in=KeyHolderStatus.unfinished())

    def ready(self) -> KeyHolderQuerySet:
        """Holders who have set their passphrase, and have not submitted their share."""
        return self.filter(status__in=KeyHolderStatus.in_phase(SERVING))

    def turned(self) -> KeyHolderQuerySet:
        """Holders who have submitted their share."""
        return self.filter(status__in=KeyHolderStatus.in_phase(ANSWERING))


class KeyHolder(Seat):
    """A person's share of the key that opens the bids of one purchase.

    ``public_key`` is derived from the holder's passphrase, which is not stored; without it ``share`` cannot
    be read. ``handed`` is the submitted share, from the deadline to the opening.
    """

    lifecycle = KEY_HOLDER
    seen_by = SEES_KEY_HOLDERS
    worklist_joins = ("project", "person")
    unjournaled = ("salt", "public_key", "share", "handed")

    salt = models.BinaryField(null=True, editable=False)
    public_key = models.BinaryField(null=True, editable=False)
    number = models.PositiveSmallIntegerField(_("份额序号"), null=True)
    share = models.BinaryField(null=True, editable=False)
    handed = SealedBytesField(null=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=KeyHolderStatus.choices, default=KeyHolderStatus.NAMED
    )

    objects = KeyHolderQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=models.Q(status__in=KeyHolderStatus.unfinished()),
                name="key_holder_once",
            )
        ]
        triggers = [KEY_HOLDER.trigger()]

    def get_absolute_url(self) -> str:
        return reverse("key-seat", args=[self.pk])

    @property
    def without_passphrase(self) -> bool:
        """Whether the passphrase has still to be set."""
        return self.status in KeyHolderStatus.in_phase(ASKED)

    @property
    def asked_for_the_share(self) -> bool:
        """Whether the deadline for bids has passed."""
        return self.project.bids_closed
