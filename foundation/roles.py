"""Roles, and the actor: a person in one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.personal_data.masking import mask_name
from foundation.refusals import Words


class Role(models.TextChoices):
    """The roles in which people and the system act."""

    CIVIL_AFFAIRS = "civil_affairs", _("民政")
    WINDOW = "window", _("窗口工作人员")
    ASSISTANT = "assistant", _("村（社区）协管员")
    GRID_WORKER = "grid_worker", _("网格员")
    HOTLINE = "hotline", _("12345 热线")
    HANDLER = "handler", _("责任部门经办人")
    SECRETARY = "secretary", _("联席会议秘书")
    COORDINATOR = "coordinator", _("承接主体协调员")
    SOCIAL_WORKER = "social_worker", _("社工与志愿者")
    EVALUATOR = "evaluator", _("评估人员")
    FINANCE = "finance", _("财政")
    AUDITOR = "auditor", _("审计")
    ADMINISTRATOR = "administrator", _("系统管理员")
    STAFF_MANAGER = "staff_manager", _("机构管理员")
    HOUSEHOLD = "household", _("困难家庭")
    SYSTEM = "system", _("系统")


#: Roles in which people sign in: all but the system.
PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)

#: Roles that see or do something only at one place, or for one organization; nobody holds them without.
AT_A_PLACE = (Role.WINDOW, Role.ASSISTANT, Role.GRID_WORKER)
OF_AN_ORGANIZATION = (Role.HANDLER, Role.COORDINATOR, Role.SOCIAL_WORKER, Role.FINANCE, Role.STAFF_MANAGER)

#: Who oversees others, and sees identities only after a reason.
OVERSEERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR)

#: Who sees all public money.
SEES_MONEY = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)

#: The city's two sides of a contract: who buys, and who pays.
BUYING_AND_PAYING = (Role.CIVIL_AFFAIRS, Role.FINANCE)

#: Who answers for the city's work here: sees how far it is set up, and allows access in an emergency.
ANSWERS_FOR_THE_CITY = (Role.ADMINISTRATOR, Role.CIVIL_AFFAIRS)

#: Who decides on somebody else's work for the city, pays for it or audits it: all who answer for the city and the audit
#: are told of whoever comes among them.
DECIDES_FOR_THE_CITY = (*ANSWERS_FOR_THE_CITY, Role.FINANCE, Role.AUDITOR)

#: The people of a provider.
PROVIDER_SIDE = (Role.COORDINATOR, Role.SOCIAL_WORKER)

#: Who answers to the city for what is known of a provider, and asks for its renewal.
ANSWERS_FOR_A_PROVIDER = (Role.COORDINATOR, Role.STAFF_MANAGER)

#: All who see of providers their own alone.
SEES_ITS_OWN_PROVIDER = (*PROVIDER_SIDE, Role.STAFF_MANAGER)

#: The people of a village.
VILLAGE = (Role.ASSISTANT, Role.GRID_WORKER)

#: Roles of private persons, whose names are personal data.
PRIVATE = (Role.HOUSEHOLD,)

#: Roles that many places, organizations or persons hold, so that the role alone names nobody.
ONE_OF_MANY = (*AT_A_PLACE, Role.HANDLER, Role.STAFF_MANAGER, *PROVIDER_SIDE, *PRIVATE)

#: Roles of which a party says whose organization, place or person it is, or that everybody is meant.
SAYS_WHOSE = (*ONE_OF_MANY, Role.EVALUATOR)

#: Who acts without a name that may be shown.
NAMELESS = (*PRIVATE, Role.SYSTEM)

#: A household, and the window that acts for one.
HOUSEHOLD_SIDE = (Role.HOUSEHOLD, Role.WINDOW)

#: Who answers to the city for a case: the window that has it, and civil affairs above.
IN_CHARGE = (Role.CIVIL_AFFAIRS, Role.WINDOW)

#: The window, and those who oversee it.
WINDOW_AND_OVERSEERS = (Role.WINDOW, *OVERSEERS)

#: Those who work with the households of a place, and those who oversee them.
LOCAL_AND_OVERSEERS = (*AT_A_PLACE, *OVERSEERS)

#: Who may look somebody up by identity number; each look-up is counted and written down.
LOOKS_UP = (*OVERSEERS, Role.WINDOW, Role.ASSISTANT)

#: Who may reveal a protected value of a household that they see, with a reason.
REVEALS = (*LOOKS_UP, Role.HOUSEHOLD)

#: Who is told why something was done for a household.
CLOSE_TO_A_HOME = (Role.WINDOW, Role.ASSISTANT, Role.HOUSEHOLD)

#: Who is told what help a household got, and from whom.
TOLD_OF_HELP = (*CLOSE_TO_A_HOME, Role.HANDLER)

#: Who is asked for comments before the catalog changes.
CONSULTED = (Role.HANDLER, Role.FINANCE)

#: Who works by the catalog.
WORKS_BY_THE_CATALOG = (Role.COORDINATOR, Role.WINDOW, Role.HANDLER)

#: Who reads editions of the catalog before the public does.
READS_EDITIONS = (*SEES_MONEY, *WORKS_BY_THE_CATALOG)

#: Civil affairs and the provider, who agree on what is to be done.
AGREES = (Role.CIVIL_AFFAIRS, Role.COORDINATOR)

#: A provider, and who pays it.
PAID_AND_PAYING = (Role.COORDINATOR, Role.FINANCE)

#: Everybody on either side of a contract.
BUYING_PAID_AND_PAYING = (*AGREES, Role.FINANCE)

#: Who is told of an accreditation: who gives it, and who answers for the provider.
TOLD_OF_ACCREDITATIONS = (Role.CIVIL_AFFAIRS, *ANSWERS_FOR_A_PROVIDER)

#: Providers, and those who oversee them.
PROVIDERS_AND_OVERSEERS = (*OVERSEERS, Role.COORDINATOR)

#: Providers, and those who see all public money.
PROVIDERS_AND_MONEY = (*SEES_MONEY, Role.COORDINATOR)

#: Providers, experts who judge them, and those who see all public money.
PROVIDERS_MONEY_AND_EXPERTS = (*PROVIDERS_AND_MONEY, Role.EVALUATOR)

#: Who may hold a share of the key that opens bids; not the audit, which never acts.
HOLDS_KEYS = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.HANDLER)

#: Who compares providers: refers to them, judges, pays or audits them.
COMPARES_PROVIDERS = (*SEES_MONEY, Role.WINDOW, Role.EVALUATOR)

#: Who reads what is known of a provider: those who compare them, and the provider's own people.
READS_OF_PROVIDERS = (*COMPARES_PROVIDERS, *SEES_ITS_OWN_PROVIDER)

#: Who sends a need to the right body, or is the body.
ROUTES_NEEDS = (*OVERSEERS, Role.WINDOW, Role.HANDLER, Role.SECRETARY)

#: Who sees which body answers for what: the same, and whoever sets the city up.
SEES_DUTIES = (*ROUTES_NEEDS, Role.ADMINISTRATOR)

#: Who sees whether each kind of need goes somewhere: those who set it, decide where it is open, or oversee it.
SEES_ROUTING = (*OVERSEERS, Role.SECRETARY, Role.ADMINISTRATOR)

#: Those who judge providers, and those who oversee them.
JUDGES = (*OVERSEERS, Role.EVALUATOR)

#: The same, and the providers whom they judge.
JUDGES_AND_JUDGED = (*PROVIDERS_AND_OVERSEERS, Role.EVALUATOR)

#: Who takes part when a provider is judged: civil affairs, the provider, and the experts.
AT_A_JUDGEMENT = (*AGREES, Role.EVALUATOR)

#: The same for an exit, which finance settles.
AT_AN_EXIT = (*AT_A_JUDGEMENT, Role.FINANCE)

#: A provider that is judged, and the experts who judge it.
JUDGED_AND_EXPERTS = (Role.COORDINATOR, Role.EVALUATOR)

#: Civil affairs, and the experts who judge for it.
OFFICERS_AND_EXPERTS = (Role.CIVIL_AFFAIRS, Role.EVALUATOR)

#: Who takes no part in the judging of providers, and reads what is announced.
ONLOOKERS = tuple(role for role in PEOPLE if role not in JUDGES_AND_JUDGED)

#: Who reads a result once it is announced; providers read their own, and those who oversee them everything.
ANNOUNCED_TO = tuple(role for role in PEOPLE if role not in PROVIDERS_AND_OVERSEERS)

#: A household, and the people of its village.
AROUND_A_HOME = (*VILLAGE, Role.HOUSEHOLD)

#: Who considers a need that the window sent on: a body, or the conference.
CONSIDERS_NEEDS = (Role.HANDLER, Role.SECRETARY)

#: Who reports a household in need from outside: the people of providers, and the hotline.
REPORTS_FROM_OUTSIDE = (*PROVIDER_SIDE, Role.HOTLINE)

#: Whom a matter concerns: the household, its village and window, and who reported it from outside.
CONCERNED_BY_A_MATTER = (*AROUND_A_HOME, Role.WINDOW, *REPORTS_FROM_OUTSIDE)

#: Everybody who works on a need: the window that sends it on, and those who consider it.
HANDLES_NEEDS = (Role.WINDOW, *CONSIDERS_NEEDS)

#: Who is told what a household lacks, and what became of it.
TOLD_OF_NEEDS = (*CLOSE_TO_A_HOME, *CONSIDERS_NEEDS)

#: The people of a provider, and the household that they serve.
AT_A_SERVICE = (*PROVIDER_SIDE, Role.HOUSEHOLD)

#: Who is no official: households, the system, and the people of providers.
NO_OFFICIALS = (*NAMELESS, *PROVIDER_SIDE)

#: Who answers for a system beside this one, of a body or a provider, that asks this one by the API.
KEEPS_A_SYSTEM = (Role.HOTLINE, Role.HANDLER, Role.COORDINATOR, Role.FINANCE)

#: Who may let a program in: the same, and civil affairs for the city's own.
CONNECTS = (Role.CIVIL_AFFAIRS, *KEEPS_A_SYSTEM)

#: Who gives people their memberships and ends them: the city's administrator, and that of an organization for its own.
GIVES_MEMBERSHIPS = (Role.ADMINISTRATOR, Role.STAFF_MANAGER)

#: Who sees who holds which role in the whole city.
SEES_STAFF = (*OVERSEERS, Role.ADMINISTRATOR)

#: Roles that the administrator of an organization gives for it.
GIVEN_FOR_AN_ORGANIZATION = (Role.HANDLER, Role.COORDINATOR, Role.SOCIAL_WORKER, Role.EVALUATOR)

#: Roles of people who work for the city or for an organization, and so are given to them.
STAFF = tuple(role for role in PEOPLE if role not in PRIVATE)


def of_the_staff() -> dict[str, Words]:
    """The roles of ``STAFF`` with their names, for rules that are about the staff alone."""
    return {role.value: role.label for role in STAFF}


#: Who may stand in for another of them in an emergency: whoever works for the city or a town. What is lent so gives
#: nobody a role that lasts.
STANDS_IN = (
    Role.CIVIL_AFFAIRS,
    *AT_A_PLACE,
    Role.HOTLINE,
    Role.HANDLER,
    Role.SECRETARY,
    Role.FINANCE,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
LENT_IN_AN_EMERGENCY = tuple(role for role in STANDS_IN if role is not Role.ADMINISTRATOR)

#: A key that no row has (0 stands for nobody in notices).
NOWHERE = -1


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in one role, for one organization, at one place.

    A role that is bound to a place or an organization and has none gets ``NOWHERE``, since a filter by
    None would find the rows without one. A private person has a masked name here, since the journal is
    read by many. ``emergency_id`` is the key of the emergency in which the role was
    given, ``emergency_until`` when it is over. A ``program`` acts for its maker, and is never the second person; it is
    told of the objects of the packages in ``parts`` alone, a person of those of all.
    """

    role: Role
    user_id: int | None = None
    name: str = ""
    organization_id: int | None = None
    organization_name: str = ""
    place_id: int | None = None
    request_id: str = ""
    address: str = ""
    emergency_id: int | None = None
    emergency_until: datetime | None = None
    program: bool = False
    parts: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.role in AT_A_PLACE and self.place_id is None:
            object.__setattr__(self, "place_id", NOWHERE)
        if self.role in OF_AN_ORGANIZATION and self.organization_id is None:
            object.__setattr__(self, "organization_id", NOWHERE)
        if self.role in PRIVATE:
            object.__setattr__(self, "name", mask_name(self.name))

    def is_told_of(self, label: str) -> bool:
        """Whether the actor is told of objects with this label at all, by the package in which they are."""
        return self.parts is None or label.partition(".")[0] in self.parts

    @property
    def is_a_second_person(self) -> bool:
        """Whether the actor may make the second of two steps (four eyes): neither through a program, nor in a role of
        those who decide for the city that was lent in an emergency.
        """
        lent = self.emergency_id is not None and self.role in DECIDES_FOR_THE_CITY
        return not self.program and not lent

    @property
    def person(self) -> int:
        """The primary key of the user; raises ``TypeError`` for the system."""
        if self.user_id is None:
            raise TypeError("no person acts")
        return self.user_id

    @property
    def organization(self) -> int:
        """The primary key of the organization acted for, or ``NOWHERE``."""
        return NOWHERE if self.organization_id is None else self.organization_id

    @property
    def place(self) -> int:
        """The primary key of the place acted at, or ``NOWHERE``."""
        return NOWHERE if self.place_id is None else self.place_id

    @property
    def seat(self) -> str:
        """Role, organization and place as one text: drafts of one seat are not shown in another."""
        return f"{self.role} {self.organization_id or ''} {self.place_id or ''}"

    @property
    def private(self) -> bool:
        """Whether a private person acts in his own matters."""
        return self.role in PRIVATE

    @property
    def overseeing(self) -> bool:
        """Whether the role oversees others, and sees identities only after a reason."""
        return self.role in OVERSEERS

    def as_system(self) -> Actor:
        """The system, acting because of what this person did."""
        return replace(self, role=Role.SYSTEM)

    @property
    def words(self) -> str:
        """How a sentence names the actor: the organization, else the role."""
        return str(self.said)

    @property
    def said(self) -> Words:
        """The same for a sentence that others read, in the language of each."""
        return self.organization_name or Role(self.role).label


SYSTEM = Actor(role=Role.SYSTEM)
