"""What stands under the name of somebody who leaves a window or a provider, and passes to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from foundation.inbox import notices
from foundation.journal import sentences, timeline, writing
from foundation.parties import Addressee
from foundation.roles import Actor, Role
from foundation.wording import filled
from foundation.work_items import settling
from organizations.people.events import Carried, carried, handed_on
from organizations.people.models import Membership
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus

#: What is written into the journal here.
HAND_ON = sentences.act("hand_on", gettext_lazy("%(who)s把这一件交给了%(to)s"))


def _matters(membership: Membership) -> QuerySet[Matter]:
    """The open matters for which the person answers as the one who was asked first, at this window."""
    return Matter.objects.filter(
        first_asked_id=membership.user_id, town=membership.place_id, status__in=MatterStatus.unfinished()
    )


def _cases(membership: Membership) -> QuerySet[Referral]:
    """The open cases of a social worker, at this provider."""
    return Referral.objects.filter(
        worker=membership.user_id,
        provider__organization=membership.organization_id,
        status__in=ReferralStatus.unfinished(),
    )


@carried.register
def under_the_name(membership: Membership) -> Sequence[Carried]:
    """The matters of a window's clerk, and the cases of a social worker."""
    if membership.role == Role.WINDOW:
        return [Carried(gettext_lazy("%(count)s 件首问负责的事项"), _matters(membership))]
    if membership.role == Role.SOCIAL_WORKER:
        return [Carried(gettext_lazy("%(count)s 个正在服务的个案"), _cases(membership))]
    return []


@handed_on.register
def pass_on(leaving: Membership, colleague: Membership, by: Actor) -> None:
    """Give them to the colleague, who is told of each; deadlines go on unchanged."""
    if leaving.role == Role.WINDOW:
        for matter in _matters(leaving).select_for_update(of=("self",), no_key=True).order_by("pk"):
            matter.first_asked_id, matter.first_asked_name = colleague.user_id, colleague.user.full_name
            _keep(matter, ["first_asked_id", "first_asked_name"], colleague, by)
    if leaving.role == Role.SOCIAL_WORKER:
        for case in _cases(leaving).select_for_update(of=("self",), no_key=True).order_by("pk"):
            case.worker = colleague.user
            _keep(case, ["worker"], colleague, by)


def _keep(obj: Any, fields: list[str], colleague: Membership, by: Actor) -> None:
    """Save one of them with its new holder, in the journal too, and tell the colleague."""
    before = writing.picture(type(obj).objects.get(pk=obj.pk))
    obj.save(update_fields=fields)
    after = writing.picture(obj) | {timeline.TO: colleague.user.full_name}
    writing.write(obj.lifecycle.label, obj, HAND_ON, by, before=before, after=after, basis="S34")
    settling.touch(obj, *obj.beside())
    told = Addressee(Role(colleague.role), colleague.organization_id, colleague.place_id, colleague.user_id)
    notices.deliver(obj, [told], filled(gettext_lazy("%(obj)s：由您接手"), obj=obj))
