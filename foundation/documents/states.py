"""The progress of a document, which is no lifecycle: nobody acts on it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentStatus(models.TextChoices):
    """The progress of a document."""

    QUEUED = "queued", _("排队中")
    RENDERING = "rendering", _("生成中")
    READY = "ready", _("已生成")
    FAILED = "failed", _("生成失败")


#: A worker has it, or will have it.
UNDER_WAY = (DocumentStatus.QUEUED, DocumentStatus.RENDERING)
