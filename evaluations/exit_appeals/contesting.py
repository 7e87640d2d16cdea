"""The actions on appeals against an exit; somebody who had no part in the exit hears them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evaluations.exit_appeals.models import ExitAppeal
from evaluations.exit_appeals.states import EXIT_APPEAL
from evaluations.exits import exiting
from evaluations.exits.causes import Cause
from evaluations.exits.models import Exit
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Actor


@EXIT_APPEAL.start("file")
def file(*, by: Actor, text: str) -> ExitAppeal:
    """Contest the decision of an exit. Raises ``NotNow`` where there is no decision, or it was contested
    already.
    """
    found = Exit.objects.decided().filter(provider__organization_id=by.organization)
    found = found.exclude(cause=Cause.VOLUNTARY)
    exit_ = found.filter(appeal=None).first()
    if exit_ is None:
        raise NotNow(_("没有可以申诉的退出决定。"), rule="行政复议法第二十条")
    return ExitAppeal.objects.create(exit=exit_, text=text)


@EXIT_APPEAL.transition("reject")
def reject(appeal: ExitAppeal, *, by: Actor, reason: str) -> None:
    """Dismiss the appeal; the exit stands."""
    appeal.answer = reason


@EXIT_APPEAL.transition("grant")
def grant(appeal: ExitAppeal, *, by: Actor, reason: str) -> None:
    """Uphold the appeal: the exit is revoked, the provider admitted again, and the public entry gets a
    correction.
    """
    appeal.answer = reason


@grant.then
def _revoke_the_exit(appeal: ExitAppeal, *, by: Actor, reason: str) -> None:
    exiting.revoke(appeal.exit, by=SYSTEM, reason=reason)
