"""Conflicts of interest: who may not judge which organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.forms.typed import compared
from foundation.roles import Role
from foundation.rules import reading
from organizations.bodies.models import Organization
from organizations.people import events
from organizations.people.models import ConflictOfInterest, Membership, User
from organizations.providers.models import Provider


def people_in_conflict(organization_ids: Iterable[int]) -> dict[int, str]:
    """The people with a conflict of interest with one of the organizations, by user key, each in words."""
    found: dict[int, str] = {}
    for people in by_organization(organization_ids).values():
        found |= people
    return found


def by_organization(
    organization_ids: Iterable[int], *, among: Collection[int] | None = None
) -> dict[int, dict[int, str]]:
    """The people with a conflict of interest with each of the organizations, by user key, each in words; where names
    are compared, only those ``among`` these people if it is given.

    A conflict is a declaration, a role at the organization within the years of the rule
    ``ties.years`` (except evaluators at their own agency), or the name of its legal representative.
    """
    ids, today = list(organization_ids), moments.today()
    since = today - timedelta(days=365 * int(reading.current("ties.years").value["years"]))
    found: dict[int, dict[int, str]] = {pk: {} for pk in ids}
    worked = Membership.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=since), organization_id__in=ids
    ).exclude(role=Role.EVALUATOR)
    for membership in worked.select_related("organization"):
        if (body := membership.organization_id) is not None:
            found[body][membership.user_id] = _("在“%(name)s”任职或三年内任过职") % {
                "name": membership.organization
            }
    heads = Provider.objects.filter(organization_id__in=ids).exclude(legal_representative="")
    named: dict[str, list[Provider]] = defaultdict(list)
    for head in heads.select_related("organization"):
        named[compared(head.legal_representative)].append(head)
    people = User.objects.all() if among is None else User.objects.filter(pk__in=among)
    for pk, name in people.values_list("pk", "full_name") if named else ():
        for provider in named.get(compared(name), ()):
            found[provider.organization_id][pk] = _("与“%(name)s”的法定代表人同名") % {"name": provider}
    declared = ConflictOfInterest.objects.filter(Q(until=None) | Q(until__gte=today), organization_id__in=ids)
    for conflict in declared.select_related("organization"):
        found[conflict.organization_id][conflict.person_id] = (
            f"{conflict.organization}：{conflict.get_kind_display()}"
        )
    return found


def declare(person_id: int, organization: Organization, kind: str, note: str = "") -> ConflictOfInterest:
    """Record a conflict of interest that a person has declared; a second one of the kind changes nothing."""
    conflict, new = ConflictOfInterest.objects.get_or_create(
        person_id=person_id, organization=organization, kind=kind, defaults={"note": note[:300]}
    )
    if new:
        events.conflict_declared.call(organization)
    return conflict
