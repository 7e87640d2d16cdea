"""Uploaded catalog files that wait to be imported into a draft."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.permissions import SEES_IMPORTS
from catalog.sheets.states import IMPORT, ImportStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet


class Import(LifecycleModel):
    """The rows of an uploaded sheet, as texts by column; the draft is unchanged until it is applied."""

    lifecycle = IMPORT
    seen_by = SEES_IMPORTS
    at_a_glance = ("edition", "file_name", ("size", _("行数")), "replace")
    worklist_joins = ("edition",)
    unjournaled = ("rows",)

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="imports", verbose_name=_("目录版本"))
    file_name = models.CharField(_("文件名"), max_length=120)
    rows = models.JSONField(_("行"))
    replace = models.BooleanField(_("文件中没有的项目从草稿中删除"), default=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=ImportStatus.choices, default=ImportStatus.PREVIEWED
    )

    objects = SeenQuerySet["Import"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [IMPORT.trigger()]

    def __str__(self) -> str:
        return self.file_name

    @property
    def size(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    def case_key(self) -> str:
        return self.edition.case_key()

    def row_title(self) -> str:
        return f"{self.file_name} · {self.edition.title}"
