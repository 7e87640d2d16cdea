"""Who may act on evaluations."""

from __future__ import annotations

from typing import Any

from foundation.lifecycle.table import Party
from foundation.permissions import access
from foundation.roles import Actor, Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)


def _its_coordinator(actor: Actor, obj: Any) -> bool:
    provider = obj.provider if hasattr(obj, "provider_id") else obj.assessment.provider
    return provider.organization_id == actor.organization_id


#: The coordinator of the provider that it is about.
its_provider = Party(Role.COORDINATOR, _its_coordinator)


drawn_evaluator = Party(Role.EVALUATOR, lambda actor, sheet: sheet.evaluator_id == actor.user_id)


#: Leads a round and moderates; scores nothing in it.
chair = Party(Role.EVALUATOR, lambda actor, obj: obj.chair_id == actor.user_id)


#: Drawn to look at an appeal; has scored nothing of what it is about.
reviewer = Party(Role.EVALUATOR, lambda actor, appeal: actor.user_id in appeal.reviewers)


#: The second of the two, who did not form the opinion.
other_reviewer = Party(
    Role.EVALUATOR,
    lambda actor, appeal: actor.user_id in appeal.reviewers and actor.user_id != appeal.proposed_by,
)


any_provider = Party(Role.COORDINATOR)


#: Sits on the panel that decides an exit.
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
