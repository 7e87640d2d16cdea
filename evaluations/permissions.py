"""The parties of evaluations: who may act on rounds, assessments, sheets, appeals and exits."""

from __future__ import annotations

from typing import Any

from foundation.parties import Party
from foundation.permissions import access
from foundation.roles import Actor, Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)


def _its_coordinator(actor: Actor, obj: Any) -> bool:
    provider = obj.provider if hasattr(obj, "provider_id") else obj.assessment.provider
    return provider.organization_id == actor.organization_id


#: The coordinator of the provider that the object is about.
its_provider = Party(Role.COORDINATOR, _its_coordinator)


drawn_evaluator = Party(Role.EVALUATOR, lambda actor, sheet: sheet.evaluator_id == actor.user_id)


#: The chair, who leads a round, decides where evaluators differ, and scores nothing in it.
chair = Party(Role.EVALUATOR, lambda actor, obj: obj.chair_id == actor.user_id)


#: The two reviewers drawn for an appeal, who have scored nothing of that provider.
reviewer = Party(Role.EVALUATOR, lambda actor, appeal: actor.user_id in appeal.reviewers)


#: The second reviewer: the one of the two who did not write the proposal.
other_reviewer = Party(
    Role.EVALUATOR,
    lambda actor, appeal: actor.user_id in appeal.reviewers and actor.user_id != appeal.proposed_by,
)


any_provider = Party(Role.COORDINATOR)


#: A member of the panel that decides an exit.
panel_member = Party(Role.CIVIL_AFFAIRS, lambda actor, exit_: actor.user_id in exit_.panel)


panel_evaluator = Party(Role.EVALUATOR, lambda actor, exit_: actor.user_id in exit_.panel)


rechecker = Party(Role.EVALUATOR, lambda actor, obj: obj.rechecker_id == actor.user_id)


finance = Party(Role.FINANCE)


OVERSEERS = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))


OVERSIGHT = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR))


JUDGED = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR, Role.COORDINATOR)


WITH_PROVIDERS = access(GET=JUDGED)


WITH_FINANCE = access(GET=(*JUDGED, Role.FINANCE))


TALKING = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.COORDINATOR))
