"""Responsibilities of bodies for kinds of need, maintained by civil affairs (S3)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from foundation.advisory_locks import take_lock
from foundation.refusals import Invalid
from foundation.roles import Actor
from organizations.bodies.models import Organization
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.states import RESPONSIBILITY, ResponsibilityStatus


@RESPONSIBILITY.start("assign")
def assign(
    *, by: Actor, organization: Organization, need_kind: str, text: str, basis: str, valid_from: date
) -> Responsibility:
    """Make a body responsible for a kind of need from a day on; needs are routed to it from then.

    Where two bodies are responsible for the same kind, the joint conference decides (S15). Raises
    ``Invalid`` for a responsibility that the body already has.
    """
    take_lock("responsibility", str(organization.pk), need_kind)
    has = organization.responsibilities.filter(
        need_kind=need_kind, valid_to=None, status__in=ResponsibilityStatus.unfinished()
    )
    if need_kind and has.exists():
        message = _("这个部门已有这项职责。")
        raise Invalid(message, fields={"need_kind": message}, rule="S3")
    return Responsibility.objects.create(
        organization=organization, need_kind=need_kind, text=text, basis=basis, valid_from=valid_from
    )


@RESPONSIBILITY.transition("end")
def end(responsibility: Responsibility, *, by: Actor, last_day: date, reason: str) -> None:
    """End a responsibility after a day; needs transferred before stay with the body.

    Raises ``Invalid`` for a day before it began.
    """
    if last_day < responsibility.valid_from:
        message = _("不能早于职责开始的日期。")
        raise Invalid(message, fields={"last_day": message}, rule="S3")
    responsibility.valid_to = last_day
