"""A registration that ends before it was admitted: rejected, withdrawn, or lapsed; its credit code is free again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from foundation.refusals import Unsaid
from foundation.roles import ANSWERS_FOR_A_PROVIDER, SYSTEM, Actor
from foundation.wording import filled
from organizations.bodies import keeping
from organizations.bodies.models import Organization, OrganizationKind
from organizations.fact_changes import changing
from organizations.fact_changes.states import FactChangeStatus
from organizations.people import ending, telling
from organizations.people.models import Membership, User
from organizations.people.states import MembershipStatus
from organizations.providers.models import Provider
from organizations.providers.states import PROVIDER


@PROVIDER.transition("reject")
def reject(provider: Provider, *, by: Actor, reason: str) -> None:
    """Refuse to admit a provider, for a reason that it is told."""
    provider.standing_reason = reason[:300]
    _keep_the_code(provider)


@reject.then
def _rejected(provider: Provider, *, reason: str, **given: object) -> None:
    words = gettext_lazy("“%(name)s”的登记没有准入：%(reason)s。要承接服务，请用同一个信用代码重新登记。")
    _let_go(provider, filled(words, name=provider, reason=reason.strip().rstrip("。")))


@PROVIDER.transition("withdraw")
def withdraw(provider: Provider, *, by: Actor, reason: str) -> None:
    """Take a registration back before it was decided."""
    provider.standing_reason = reason[:300]
    _keep_the_code(provider)


@withdraw.then
def _withdrawn(provider: Provider, **given: object) -> None:
    words = gettext_lazy("“%(name)s”的登记已由本机构撤回。要承接服务，请用同一个信用代码重新登记。")
    _let_go(provider, filled(words, name=provider))


@PROVIDER.transition("lapse")
def lapse(provider: Provider, *, by: Actor) -> None:
    """End a registration whose documents were not handed in in time (rule ``deadline.provider.completion``)."""
    _keep_the_code(provider)


@lapse.then
def _lapsed(provider: Provider, **given: object) -> None:
    words = gettext_lazy("“%(name)s”的材料过期没有提交，登记失效。要承接服务，请用同一个信用代码重新登记。")
    _let_go(provider, filled(words, name=provider))


@PROVIDER.transition("reopen")
def reopen(provider: Provider, *, by: Actor, reason: str) -> None:
    """Take up a registration that had ended, of an organization that is known here besides."""
    provider.standing_reason = provider.former_credit_code = ""


def _keep_the_code(provider: Provider) -> None:
    """Keep under which credit code it was registered."""
    provider.former_credit_code = provider.organization.credit_code or ""


def _let_go(provider: Provider, words: Unsaid) -> None:
    """Tell the people who answer for the provider, end what waits, and close the organization that was known as a
    provider alone.

    Its memberships and invitations end with it, so that nobody holds anything there, and its credit code is free for
    a new registration. A body that is known here besides stays as it is.
    """
    for change in provider.fact_changes.filter(status__in=FactChangeStatus.unfinished()).order_by("pk"):
        changing.end_with_the_registration(change, by=SYSTEM)
    # Locked first, so that nobody joins it meanwhile.
    organization = Organization.objects.select_for_update(no_key=True).get(pk=provider.organization_id)
    held = Membership.objects.filter(
        organization=organization, status__in=MembershipStatus.unfinished()
    ).order_by("pk")
    answering = held.filter(role__in=ANSWERS_FOR_A_PROVIDER).values("user")
    for person in User.objects.filter(pk__in=answering, is_active=True).order_by("pk"):
        telling.tell(person, words, about="provider:ended", page=provider.get_absolute_url(), everywhere=True)
    if organization.kind != OrganizationKind.PROVIDER:
        return
    for membership in held.select_related("user", "organization", "place"):
        ending.end_with_the_organization(membership, by=SYSTEM)
    keeping.release(organization, by=SYSTEM)
