"""Telephones and mail addresses of invitations that are over are forgotten after the time of the rule."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from foundation.parties import SeenQuerySet
from foundation.retention.sweeping import Kept, keep
from organizations.invitations.models import Invitation
from organizations.invitations.states import InvitationStatus


def _over(before: datetime) -> SeenQuerySet[Invitation]:
    """Invitations whose links ended before, and that still name a telephone or an address."""
    reachable = Q(phone__isnull=False) | ~Q(email="")
    over = Invitation.objects.exclude(status__in=InvitationStatus.unfinished())
    return over.filter(reachable, expires_at__lt=before)


keep(
    Kept(
        "retention.people",
        "invitations",
        over=lambda before: _over(before).count(),
        delete=lambda before: _over(before).update(phone=None, email=""),
    )
)
