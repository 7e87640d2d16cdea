"""Notices in the inbox."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.roles import Actor, Role
from foundation.wording import in_this_language

#: SQL: the unread ones of ``visible_to``, so many at most.
UNREAD = """
    SELECT FROM foundation_notice
    WHERE role = %(role)s AND read_at IS NULL
      AND (user_id IS NULL OR user_id = %(user)s)
      AND (organization_id IS NULL OR organization_id = %(organization)s)
      AND (place_id IS NULL OR place_id = %(place)s)
    LIMIT %(most_notices)s
"""


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """Notices to the actor's role, at the actor's organization or place, or to the person alone."""
        Q = models.Q
        return self.filter(
            Q(role=actor.role)
            & (Q(user_id=None) | Q(user_id=actor.user_id))
            & (Q(organization_id=None) | Q(organization_id=actor.organization_id))
            & (Q(place_id=None) | Q(place_id=actor.place_id))
        )


class Notice(models.Model):
    """One line in the inbox of everybody who holds a role at an organization or place.

    Empty ``organization_id``, ``place_id`` and ``user_id`` mean everybody in the role. ``texts`` is the line by
    language: who reads it need not read the language of whoever acted.
    """

    at = models.DateTimeField(_("时间"), default=moments.now)
    role = models.CharField(max_length=20, choices=Role.choices)
    organization_id = models.BigIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    lifecycle = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    texts = models.JSONField(_("内容"))
    link = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["role", "organization_id", "place_id", "-at"])]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The line in the reader's language."""
        return in_this_language(self.texts)
