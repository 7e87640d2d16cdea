"""The parties of evaluations: who may act on rounds, assessments, sheets, appeals and exits, and who sees them."""

from __future__ import annotations

from evaluations.exits.causes import Cause
from evaluations.phases import DECIDED, PUBLIC, PUBLISHED, SITTING, UNSCORED
from foundation.lifecycle.phases import ENDED, PREPARED
from foundation.parties import Party, everybody_in, told_of
from foundation.roles import ANNOUNCED_TO, JUDGES, ONLOOKERS, OVERSEERS, PEOPLE, Role

# --- who acts ----------------------------------------------------------------------------------

civil_affairs = Party(Role.CIVIL_AFFAIRS)


finance = Party(Role.FINANCE)


any_provider = Party(Role.COORDINATOR, everybody=True)


#: The coordinators of the provider that the object is about.
its_provider = Party(Role.COORDINATOR, organization="provider__organization")


#: The same to the appeal of their provider against a result, and to the one against its exit.
appellant = its_provider.along("assessment")
leaving_appellant = its_provider.along("exit")


#: The chair, who leads a round, decides where evaluators differ, and scores nothing in it.
chair = Party(Role.EVALUATOR, user="chair", named_to=PEOPLE)


drawn_evaluator = Party(Role.EVALUATOR, user="evaluator")


#: The two reviewers drawn for an appeal, who have scored nothing of that provider.
reviewer = Party(Role.EVALUATOR, user="reviewers")


#: The same, where the first of them found the appeal unfounded, or founded.
dismissing_reviewer = reviewer.limited(proposed__isnull=True)
granting_reviewer = reviewer.limited(proposed__isnull=False)


#: Civil affairs, where others want a provider to leave; and both sides, where it asked itself.
accusing_civil_affairs = Party(Role.CIVIL_AFFAIRS, unless={"cause": Cause.VOLUNTARY})
agreeing_civil_affairs = civil_affairs.limited(cause=Cause.VOLUNTARY)
wishing_provider = its_provider.limited(cause=Cause.VOLUNTARY)


#: Members of the panel that decides an exit.
panel_member = Party(Role.CIVIL_AFFAIRS, user="panel")
panel_evaluator = Party(Role.EVALUATOR, user="panel")


rechecker = Party(Role.EVALUATOR, user="rechecker")


#: Coordinators who may contest the exit that was decided against their provider.
contesting_provider = Party(
    Role.COORDINATOR, organization="provider__organization", phases=DECIDED, unless={"cause": Cause.VOLUNTARY}
)


# --- who sees ----------------------------------------------------------------------------------

overseers = everybody_in(OVERSEERS)


#: Who reads in the history of a round, a sheet or an exit which person acted.
READS_NAMES = told_of("evaluations.Round", "evaluations.ScoreSheet", "evaluations.Exit", parties=overseers)


#: Who sees schemes: oversight the drafts too.
SEES_SCHEMES = (*overseers, *everybody_in(PEOPLE, phases=~PREPARED))


#: Who sees rounds: those who judge in them, the providers that are part of them, and everybody once announced.
SEES_ROUNDS = (
    *overseers,
    chair,
    Party(Role.EVALUATOR, user="assessments__sheets__evaluator"),
    Party(Role.EVALUATOR, user="assessments__appeals__reviewers"),
    Party(Role.COORDINATOR, organization="assessments__provider__organization", phases=~PREPARED),
    *everybody_in(ANNOUNCED_TO, phases=PUBLIC),
)


#: Who reads of a round how far evaluators agree, and what is still to be decided.
LEADS_ROUNDS = told_of("evaluations.Round", parties=(*overseers, chair))


#: Who sees every provider of a round; others see those whose assessment they see.
SEES_WHOLE_ROUNDS = told_of(
    "evaluations.Round", parties=(*overseers, *everybody_in(ANNOUNCED_TO, phases=PUBLIC))
)


#: Who reads the running figures of a provider.
READS_FIGURES = told_of(
    "organizations.Provider",
    parties=(*everybody_in(JUDGES), Party(Role.COORDINATOR, organization="organization")),
)


#: Who sees assessments: the chair, those who score or review them, the provider its own, others the settled.
SEES_ASSESSMENTS = (
    *overseers,
    chair.along("round"),
    Party(Role.EVALUATOR, at="sheets", user="evaluator", phases=SITTING),
    Party(Role.EVALUATOR, user="appeals__reviewers"),
    Party(Role.COORDINATOR, organization="provider__organization", phases=~PREPARED),
    *everybody_in(ONLOOKERS, at="round", phases=ENDED),
)


#: Who sees sheets: the evaluator, and the chair once all have scored; oversight reads no levels before that.
SEES_SHEETS = (
    *overseers,
    drawn_evaluator,
    Party(Role.EVALUATOR, at="assessment__round", user="chair", phases=~UNSCORED),
)


SEES_APPEALS = (*overseers, reviewer, appellant)


#: Who sees exits: those who decide and settle them, the provider its own, others those that are public.
SEES_EXITS = (
    *overseers,
    finance,
    panel_evaluator,
    its_provider,
    *everybody_in(ANNOUNCED_TO, phases=PUBLISHED),
)


#: Who reads the statement of a provider that is to leave: oversight, the panel, the provider itself.
READS_STATEMENTS = told_of("evaluations.Exit", parties=(*overseers, panel_evaluator, its_provider))


SEES_EXIT_APPEALS = (*overseers, leaving_appellant)


SEES_RECTIFICATIONS = (*overseers, its_provider, rechecker)


SEES_SIMULATIONS = overseers


#: Who sees signals: a provider those that civil affairs has looked into.
SEES_SIGNALS = (*overseers, Party(Role.COORDINATOR, organization="provider__organization", phases=ENDED))
