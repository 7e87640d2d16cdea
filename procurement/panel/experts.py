"""Experts who may judge a purchase: they have no conflict of interest with its bidders and its buyer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from foundation import moments
from foundation.lifecycle.phases import ASKED
from foundation.roles import Role
from foundation.work_items import settling
from organizations.bodies.models import Organization
from organizations.people import conflicts
from organizations.people.events import conflict_declared
from organizations.people.models import Membership
from procurement.bids.models import Bid
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus
from procurement.phases import BEING_CHECKED
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus


def without_conflict(projects: Sequence[Project]) -> dict[int, set[int]]:
    """The user keys of today's experts who may judge each of the purchases, by primary key; with as many statements
    as for one.
    """
    if not projects:  # else the memberships are read for nobody
        return {}
    held = Membership.objects.on(moments.today()).filter(role=Role.EVALUATOR)
    pool = set(held.values_list("user_id", flat=True))
    concerned: dict[int, set[int]] = defaultdict(set)
    for project in projects:
        concerned[project.pk].add(project.buyer_id)
    bids = Bid.objects.handed_in().filter(project__in=projects).order_by()
    for project_id, bidder in bids.values_list("project_id", "provider__organization_id"):
        concerned[project_id].add(bidder)
    tied = conflicts.by_organization(set().union(*concerned.values()), among=pool)
    return {
        project.pk: pool - set().union(*(tied[organization] for organization in concerned[project.pk]))
        for project in projects
    }


@conflict_declared.register
def look_for_experts_anew(organization: Organization) -> None:
    """Judge the purchases anew whose panel is to be drawn, and that the organization makes or bids for."""
    checked = Project.objects.filter(status__in=ProjectStatus.in_phase(BEING_CHECKED))
    bidden_for = checked.filter(bids__provider__organization=organization).distinct()
    settling.touch(*checked.filter(buyer=organization), *bidden_for)
    drawn = PanelSeat.objects.filter(status__in=PanelSeatStatus.in_phase(ASKED))
    about = Q(project__buyer=organization) | Q(project__bids__provider__organization=organization)
    settling.touch(*drawn.filter(about).distinct())
