"""Documents of an exit: the notice before it and the decision."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from evaluations.exits.models import Exit
from foundation.documents.making import DocumentKind, declare
from foundation.roles import Actor


def _may_read_exit(exit_: Exit, actor: Actor) -> bool:
    return Exit.objects.visible_to(actor).filter(pk=exit_.pk).exists()


def _notice(exit_: Exit) -> dict[str, Any]:
    """The context of both documents, in Chinese."""
    with translation.override("zh-hans"):
        return {
            "number": f"退出 {exit_.pk}",
            "provider": str(exit_.provider),
            "credit_code": exit_.provider.organization.credit_code,
            "cause": str(exit_.get_cause_display()),
            "reasons": exit_.reasons,
            "on": exit_.created_at,
            "decided_at": exit_.decided_at,
            "barred_until": exit_.barred_until,
            "votes": [{"leaves": vote.leaves, "why": vote.why} for vote in exit_.votes.all()],
            "heard": bool(exit_.statement),
            "correction": exit_.correction,
        }


EXIT_NOTICE = declare(
    DocumentKind(
        key="exit-notice",
        subject="evaluations.Exit",
        template="documents/exit_notice.html",
        title=lambda exit_: f"退出事先告知书 {exit_.provider}",
        context=_notice,
        may_read=_may_read_exit,
    )
)


EXIT_DECISION = declare(
    DocumentKind(
        key="exit-decision",
        subject="evaluations.Exit",
        template="documents/exit_decision.html",
        title=lambda exit_: f"退出决定书 {exit_.provider}",
        context=_notice,
        may_read=lambda exit_, actor: exit_.decided_at is not None and _may_read_exit(exit_, actor),
        public=lambda exit_: exit_.published,
        certified=True,
    )
)
