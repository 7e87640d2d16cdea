"""The roles of the market and the person who acts in one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.personal_data.masking import mask_name


class Role(models.TextChoices):
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
    HOUSEHOLD = "household", _("困难家庭")
    SYSTEM = "system", _("系统")


#: Roles that a person signs in with; the system acts by itself.
PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)

#: Roles that see what lies at one place, or belongs to one organization, and nothing else.
AT_A_PLACE = (Role.WINDOW, Role.ASSISTANT, Role.GRID_WORKER)
OF_AN_ORGANIZATION = (Role.HANDLER, Role.COORDINATOR, Role.SOCIAL_WORKER)

#: Roles of private persons: their names are personal data, not those of an office.
PRIVATE = (Role.HOUSEHOLD,)

#: A key that no row has (0 is what a notice to nobody says).
NOWHERE = -1


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in one role, for one organization, at one place.

    Where a role is bound to a place or an organization and has none, it is bound to
    ``NOWHERE``: a filter by nothing would find the rows that have nothing. Whoever acts as a
    private person bears the masked name: what an act writes down is read by many.
    """

    role: Role
    user_id: int | None = None
    name: str = ""
    organization_id: int | None = None
    organization_name: str = ""
    place_id: int | None = None
    request_id: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        if self.role in AT_A_PLACE and self.place_id is None:
            object.__setattr__(self, "place_id", NOWHERE)
        if self.role in OF_AN_ORGANIZATION and self.organization_id is None:
            object.__setattr__(self, "organization_id", NOWHERE)
        if self.role in PRIVATE:
            object.__setattr__(self, "name", mask_name(self.name))

    @property
    def person(self) -> int:
        """The key of the person who acts; raises ``TypeError`` for the system, which is nobody."""
        if self.user_id is None:
            raise TypeError("no person acts")
        return self.user_id

    @property
    def organization(self) -> int:
        """The key of the organization acted for, or ``NOWHERE``."""
        return NOWHERE if self.organization_id is None else self.organization_id

    @property
    def place(self) -> int:
        """The key of the place acted at, or ``NOWHERE``."""
        return NOWHERE if self.place_id is None else self.place_id

    @property
    def seat(self) -> str:
        """In which role, of which organization and place: what was typed in one is not read in
        another, though one person may hold both.
        """
        return f"{self.role} {self.organization_id or ''} {self.place_id or ''}"

    @property
    def overseeing(self) -> bool:
        """Whether this person looks on, and sees identities masked until a reason is given."""
        return self.role in (Role.CIVIL_AFFAIRS, Role.AUDITOR)

    def as_system(self) -> Actor:
        """The system, acting because of what this person did."""
        return replace(self, role=Role.SYSTEM)

    @property
    def words(self) -> str:
        """How a sentence names the actor: the organization, else the role."""
        return self.organization_name or str(Role(self.role).label)


SYSTEM = Actor(role=Role.SYSTEM)
