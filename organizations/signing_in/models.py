"""Counts of sign-in tries, in the database so that all processes share them; and what a person has open."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from foundation import moments
from organizations.people.models import Membership, User


class Tries(models.Model):
    """Tries of one kind by one account, browser or address (``who``) in one period of time."""

    what = models.CharField(max_length=20)
    who = models.CharField(max_length=45)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "since"], name="tries_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.count}"


class Opened(models.Model):
    """What a person has open: from where, with what, since when, and when it was used last."""

    address = models.CharField(_("网络地址"), max_length=45, blank=True, editable=False)
    agent = models.CharField(_("浏览器或程序"), max_length=300, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), default=moments.now, editable=False)

    class Meta:
        abstract = True


class Token(Opened, AbstractAuthToken):
    """A token of the API; ``proved_at`` is when a second factor was given for it, if one was.

    It acts in ``membership``, the first of its person on that day, where a request names no other; None: there was none.
    """

    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    proved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[Token]] = models.Manager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return f"{self.user} {self.created}"


class BrowserSession(Opened):
    """A session in a browser, found by the key under which Django keeps it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="browser_sessions")
    key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField(_("登录时间"), default=moments.now, editable=False)

    class Meta:
        ordering = ("-last_used_at", "-id")

    def __str__(self) -> str:
        return f"{self.user} {self.started_at}"


class UnfamiliarSignIn(models.Model):
    """A sign-in of which its person was told, and which he refuses once at most (``used_at``).

    ``contact`` is the mark of the telephone and the mail address that were registered then.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="unfamiliar_sign_ins")
    signed_in_at = models.DateTimeField(default=moments.now, editable=False)
    contact = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.user} {self.signed_in_at}"
