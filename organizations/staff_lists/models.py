"""Lists of staff that wait to be invited."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import Actor
from organizations.bodies.models import Organization
from organizations.people.models import User
from organizations.permissions import SEES_STAFF_LISTS
from organizations.staff_lists.states import STAFF_LIST, StaffListStatus


class StaffList(Disclosing, LifecycleModel):
    """The rows of a sheet, read and found right; sealed, since telephones stand in them.

    ``people`` is a list of mappings with the arguments of ``inviting.invite``: organizations and places by key, days
    as ISO dates. ``notes`` are on what of the file was not read (``foundation.sheets.notes``). ``done`` counts the
    rows that were gone through, ``refused`` tells by the number of the row why one was not.
    """

    lifecycle = STAFF_LIST
    seen_by = SEES_STAFF_LISTS
    at_a_glance = ("file_name", "organization", ("count", _("邀请\uff08份\uff09")), "uploaded_by")
    worklist_joins = ("organization", "uploaded_by")
    unjournaled = ("people", "notes", "refused", "done")

    file_name = models.CharField(_("文件名"), max_length=120)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传的人"))
    role_of_uploader = models.CharField(max_length=20)
    people = SealedTextField(_("名单"))
    notes = models.JSONField(default=list)
    count = models.PositiveIntegerField(_("人数"))
    done = models.PositiveIntegerField(_("已发出"), default=0)
    refused = models.JSONField(_("没有发出的"), default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=StaffListStatus.choices, default=StaffListStatus.READ
    )

    objects = SeenQuerySet["StaffList"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [STAFF_LIST.trigger()]

    def __str__(self) -> str:
        return self.file_name

    def row_title(self) -> str:
        given: dict[str, object] = {
            "file": self.file_name,
            "count": self.count,
            "who": self.uploaded_by.full_name,
        }
        if self.organization is None:
            return gettext("%(who)s上传的名单“%(file)s”，%(count)s 人") % given
        given["body"] = str(self.organization)
        return gettext("%(who)s给%(body)s上传的名单“%(file)s”，%(count)s 人") % given

    def get_absolute_url(self) -> str:
        return reverse("staff-list", args=[self.pk])

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The people: for whoever sees the list, who lets them in."""
        return Telling.PLAIN

    @property
    def sent(self) -> int:
        """How many people were invited."""
        return self.done - len(self.refused)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The people, in the order of the sheet."""
        found: list[dict[str, Any]] = json.loads(str(self.people))
        return found
