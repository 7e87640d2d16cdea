"""Accounts of the city's single sign-on that people have connected with their own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from organizations.people.models import User


class Connection(models.Model):
    """A person's account at a single sign-on: what the provider calls itself, and what it calls the person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="connections")
    issuer = models.CharField(max_length=300, editable=False)
    subject = models.CharField(max_length=255, editable=False)
    connected_at = models.DateTimeField(_("连接时间"), default=moments.now, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="connection_of_one_person"),
            models.UniqueConstraint(fields=["user", "issuer"], name="connection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.connected_at}"
