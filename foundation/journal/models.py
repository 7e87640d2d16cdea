"""The journal: what was done, by whom and why. Append-only."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.append_only import append_only
from foundation.journal import visibility
from foundation.parties import SeenQuerySet, everybody_in
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.roles import NAMELESS, OVERSEERS, Actor, Role


class EntryQuerySet(SeenQuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> Self:
        """Every entry that is not sealed, to those who read the journal."""
        return super().visible_to(actor).open_to(actor)

    def open_to(self, reader: Actor | None) -> Self:
        """Without the entries that are sealed for ``reader`` (None: for anybody).

        Every place that shows entries filters by this.
        """
        found = self
        for closed in visibility.hidden_from(reader):
            found = found.exclude(closed)
        return found


class Entry(Disclosing, models.Model):
    """One action. Names are stored as they were that day, beside the ids.

    ``move`` is the name of the transition, start or other act; ``before`` and ``after`` hold the
    columns that changed.
    """

    seen_by = everybody_in(OVERSEERS)
    confided = ("reason",)

    at = models.DateTimeField(_("时间"), default=moments.now)
    lifecycle = models.CharField(_("对象类别"), max_length=60)
    object_id = models.BigIntegerField(_("对象"))
    object_name = models.CharField(_("对象名称"), max_length=120)
    move = models.CharField(_("动作"), max_length=40)
    before = models.JSONField(_("之前"), default=dict)
    after = models.JSONField(_("之后"), default=dict)
    actor_id = models.BigIntegerField(_("办理人"), null=True)
    actor_name = models.CharField(_("办理人姓名"), max_length=60, blank=True)
    role = models.CharField(_("身份"), max_length=20, choices=Role.choices)
    organization_id = models.BigIntegerField(_("机构"), null=True)
    organization_name = models.CharField(_("机构名称"), max_length=120, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    basis = models.CharField(_("依据"), max_length=60, blank=True)
    request_id = models.CharField(_("请求编号"), max_length=40, blank=True)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    key = models.CharField(_("幂等编号"), max_length=80, blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["lifecycle", "object_id", "-at"]),
            models.Index(fields=["actor_id", "-at"]),
            # Lists are paged by the primary key; an act may be rare among millions of others.
            models.Index(fields=["move", "-id"], name="journal_of_an_act"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lifecycle", "actor_id", "key"], condition=~models.Q(key=""), name="journal_key_once"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return self.object_name

    @cached_property
    def behind(self) -> Any:
        """The object as it is now; None where it is gone."""
        return apps.get_model(self.lifecycle)._default_manager.filter(pk=self.object_id).first()

    @property
    def about_whom(self) -> models.Model | None:
        """The person or household that the object is about; the object itself if it says none."""
        return getattr(self.behind, "about_whom", self.behind)

    def discloses(self, field: str, reader: Actor) -> Telling:
        """How the reason is disclosed (``timeline.telling_of``)."""
        from foundation.journal import timeline

        return timeline.telling_of(self, reader)

    @property
    def actor_shown(self) -> str:
        """The name of the official who acted; "" for private persons and for the system.

        Older entries hold their names, which are not shown.
        """
        return "" if self.role in NAMELESS else self.actor_name

    def journaled(self, values: dict[str, Any]) -> dict[str, Any]:
        """``before`` or ``after`` without columns that are no longer journaled."""
        excluded = getattr(apps.get_model(self.lifecycle), "unjournaled", ())
        return {name: value for name, value in values.items() if name not in excluded}
