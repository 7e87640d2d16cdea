"""Who answers for what: the routing of needs, kept as data by civil affairs (S3)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from foundation.roles import Actor
from organizations.bodies.models import Organization
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.states import RESPONSIBILITY


@RESPONSIBILITY.start("assign")
def assign(
    *, by: Actor, organization: Organization, need_kind: str, text: str, basis: str, valid_from: date
) -> Responsibility:
    """A body answers for a kind of need from a day on; needs are routed to it from then.

    Where two bodies answer for the same kind, the joint conference decides (S15). Raises
    ``Invalid`` for a duty that the body already has.
    """
    has = organization.duties.filter(need_kind=need_kind, valid_to=None, status="in_force")
    if need_kind and has.exists():
        message = _("这个部门已有这项职责。")
        raise Invalid(message, fields={"need_kind": message}, rule="S3")
    return Responsibility.objects.create(
        organization=organization, need_kind=need_kind, text=text, basis=basis, valid_from=valid_from
    )


@RESPONSIBILITY.transition("end")
def end(duty: Responsibility, *, by: Actor, last_day: date, reason: str) -> None:
    """The body answers for it until a day; what was transferred stays there."""
    if last_day < duty.valid_from:
        message = _("不能早于职责开始的日期。")
        raise Invalid(message, fields={"last_day": message}, rule="S3")
    duty.valid_to = last_day
