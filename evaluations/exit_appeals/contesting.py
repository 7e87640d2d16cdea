"""The actions on appeals against an exit; somebody who had no part in the exit hears them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evaluations.exit_appeals.models import ExitAppeal
from evaluations.exit_appeals.states import EXIT_APPEAL
from evaluations.exits import exiting
from evaluations.exits.causes import Cause
from evaluations.exits.models import Exit
from evaluations.exits.states import EXIT
from foundation.journal.models import Entry
from foundation.refusals import NotNow, NotYours
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


def _apart(appeal: ExitAppeal, by: Actor) -> None:
    """Raise ``NotYours`` for somebody who took part in the exit."""
    exit_ = appeal.exit
    acted = Entry.objects.filter(lifecycle=EXIT.label, object_id=exit_.pk, actor_id=by.user_id)
    if by.user_id in exit_.panel or acted.exists():
        raise NotYours(_("参与过退出办理的人不能复核，须由另一人办理。"), rule="行政复议法第三十六条")


@EXIT_APPEAL.transition("reject")
def reject(appeal: ExitAppeal, *, by: Actor, reason: str) -> None:
    """Dismiss the appeal; the exit stands. Raises ``NotYours`` for somebody who took part in it."""
    _apart(appeal, by)
    appeal.answer = reason


@EXIT_APPEAL.transition("grant")
def grant(appeal: ExitAppeal, *, by: Actor, reason: str) -> None:
    """Uphold the appeal: the exit is revoked, the provider admitted again, and the public entry gets a
    correction.
    """
    _apart(appeal, by)
    appeal.answer = reason


@grant.then
def _revoke_the_exit(appeal: ExitAppeal, *, by: Actor, reason: str) -> None:
    exiting.revoke(appeal.exit, by=SYSTEM, reason=reason)
