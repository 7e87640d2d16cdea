"""Text messages and the codes sent by them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.parties import Party, SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import EncryptedField, SealedTextField
from foundation.roles import Actor, Role


class MessageQuerySet(SeenQuerySet["Message"]):
    def waiting(self) -> MessageQuerySet:
        """Messages that were neither sent nor given up."""
        return self.filter(sent_at=None, undelivered_at=None)

    def given_up_lately_first(self) -> Self:
        """Those given up last come first."""
        return self.order_by("-undelivered_at", "-id")


class Channel(models.TextChoices):
    """How a message leaves."""

    TEXT = "text", _("短信")
    MAIL = "mail", _("邮件")


class Message(Disclosing, models.Model):
    """One text message or mail; number (or address) and text are encrypted, ``about`` says what it is for.

    It is tried again at ``again_at``, not sent after ``until``, and given up at ``undelivered_at``.
    """

    #: Undelivered ones alone are seen.
    seen_by = (Party(Role.CIVIL_AFFAIRS, unless={"undelivered_at__isnull": True}),)

    to = EncryptedField(kind="phone", verbose_name=_("号码"))
    text = SealedTextField(_("内容"))
    channel = models.CharField(_("方式"), max_length=4, choices=Channel.choices, default=Channel.TEXT)
    about = models.CharField(_("用途"), max_length=40)
    at = models.DateTimeField(_("写入时间"), default=moments.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    tries = models.PositiveSmallIntegerField(_("试发次数"), default=0)
    again_at = models.DateTimeField(_("下次试发"), default=moments.now)
    until = models.DateTimeField(_("有效期至"), null=True)
    undelivered_at = models.DateTimeField(_("登记未送达"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["again_at"],
                condition=models.Q(sent_at=None, undelivered_at=None),
                name="message_waiting",
            ),
            models.Index(
                fields=["-undelivered_at"],
                condition=models.Q(undelivered_at__isnull=False),
                name="message_undelivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to} {self.about}"

    def expired(self) -> bool:
        """Whether it is after ``until``, so that the text is no longer true."""
        return self.until is not None and self.until <= moments.now()

    def discloses(self, field: str, reader: Actor) -> Telling:
        """Never: the text is read on the phone only."""
        return Telling.NEVER


class PhoneCode(models.Model):
    """A code that was sent to a phone; only hashes are stored.

    ``really`` is false if nothing was sent, so that nobody learns whether a number is known.
    ``asker_hash`` is the visit that asked for it and alone may try it; ``about_hash`` what was typed
    beside the phone.
    """

    phone_hash = models.CharField(max_length=64)
    asker_hash = models.CharField(max_length=64, blank=True, db_default="")
    about_hash = models.CharField(max_length=64, blank=True, db_default="")
    purpose = models.CharField(max_length=40)
    code_hash = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True)
    really = models.BooleanField(default=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(default=moments.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["phone_hash", "purpose", "-sent_at"]),
            models.Index(fields=["address", "-sent_at"], name="code_by_address"),
        ]

    def __str__(self) -> str:
        return self.purpose
