"""Issuing and ending service accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.wording import day, filled
from organizations.people import events
from organizations.people.models import Membership, User
from organizations.service_accounts import bearing
from organizations.service_accounts.models import ServiceAccount
from organizations.service_accounts.states import SERVICE_ACCOUNT, ServiceAccountStatus
from organizations.signing_in import tokens

RULE = "service_accounts.days"


def last_day() -> date:
    """The last day until which a token that is issued today may be valid."""
    return moments.today() + timedelta(days=int(reading.current(RULE).value["most"]))


@SERVICE_ACCOUNT.start("issue")
def issue(
    *, by: Actor, name: str, purpose: str, parts: Sequence[str], acts: bool, expires_on: date
) -> ServiceAccount:
    """Issue a token to a program; the object that is returned holds its ``text``, once.

    Raises ``Invalid`` for a last day that has passed or is later than the rule allows, ``NotNow`` in an emergency.
    """
    if not moments.today() <= expires_on <= last_day():
        message = _("应在今天到 %(day)s 之间。") % {"day": day(last_day())}
        raise Invalid(message, fields={"expires_on": message}, rule="个人信息保护法第五十一条")
    if by.emergency_until is not None:
        raise NotNow(_("应急授权下不能给程序发令牌。"), rule="个人信息保护法第五十一条")
    held = Membership.objects.of_today().select_related("user")
    membership = held.filter(
        user=by.person, role=by.role, organization=by.organization_id, place=by.place_id
    )[0]
    text = bearing.new_text()
    account = ServiceAccount.objects.create(
        membership=membership,
        name=name,
        purpose=purpose,
        parts=sorted(parts),
        acts=acts,
        expires_on=expires_on,
        digest=bearing.digest_of(text),
        mark=tokens.mark(membership.user),
    )
    account.text = text
    return account


revoke = SERVICE_ACCOUNT.act("revoke", ServiceAccount)

expire = SERVICE_ACCOUNT.act("expire", ServiceAccount)

lapse = SERVICE_ACCOUNT.act("lapse", ServiceAccount)


def _in_use() -> QuerySet[ServiceAccount]:
    """The accounts that are not ended, with those who made them."""
    found = ServiceAccount.objects.filter(status__in=ServiceAccountStatus.unfinished())
    return found.select_related("membership__user").order_by("pk")


@events.ended.register
def lapse_with(person: User) -> None:
    """End the accounts that a person made and that do not stand any more."""
    for account in _in_use().filter(membership__user=person):
        if not bearing.stands(account):
            lapse(account, by=SYSTEM)


def follow_the_day() -> None:
    """End the accounts whose last day has passed, or that do not stand any more, and notify those whose last days have
    come.
    """
    for account in _in_use():
        with apart("service_account.follow", service_account=account.pk):
            if account.over:
                expire(account, by=SYSTEM)
            elif not bearing.stands(account):
                lapse(account, by=SYSTEM)
    warned = int(reading.current(RULE).value["warning"])
    soon = ServiceAccount.objects.in_use_on(moments.today()).filter(
        expires_on__lte=moments.today() + timedelta(days=warned), expiry_told_on=None
    )
    for account in soon.select_related("membership").order_by("pk"):
        with apart("service_account.tell_of_expiry", service_account=account.pk):
            _tell_of_expiry(account)


def _tell_of_expiry(account: ServiceAccount) -> None:
    """Tell once that an account ends soon."""
    words = gettext_lazy("程序“%(name)s”的令牌到 %(day)s 为止，请在那之前另发一个。")
    told = filled(words, name=account.name, day=account.expires_on)
    notices.send(account, Role(account.membership.role), told)
    ServiceAccount.objects.filter(pk=account.pk).update(expiry_told_on=moments.today())
