"""What an exit under way refuses on lower floors."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evaluations.exits import exiting
from foundation.refusals import NotYours, Refused
from foundation.roles import Actor
from organizations.providers.events import before_resuming
from organizations.providers.models import Provider
from referrals.rematching.events import before_handing_over


@before_resuming.register
def no_exit_is_under_way(provider: Provider) -> None:
    """Refuse to resume a provider while its exit is under way. Raises ``Refused``."""
    if exiting.under_way(provider) is not None:
        raise Refused(_("“%(name)s”的退出正在办理，办结之前不能恢复承接。") % {"name": provider}, rule="S26")


@before_handing_over.register
def refuse_panel_members(provider: Provider, by: Actor) -> None:
    """Refuse to let a member of the panel approve the re-matching of a leaving provider. Raises ``NotYours``."""
    exit_ = exiting.under_way(provider)
    if exit_ is not None and by.user_id in exit_.panel:
        raise NotYours(_("您是合议组成员，移交方案须由另一人批准。"), rule="行政处罚法第四十三条")
