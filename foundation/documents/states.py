"""The progress of a document, which is no lifecycle: nobody acts on it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import State, States


class DocumentStatus(States):
    """The progress of a document."""

    QUEUED = State(_("排队中"), ASKED)
    RENDERING = State(_("生成中"), SERVING)
    READY = State(_("已生成"), ENDED)
    FAILED = State(_("生成失败"), DROPPED)
