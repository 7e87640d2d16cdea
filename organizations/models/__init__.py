"""Bodies, providers, places, and people with roles."""

from organizations.models.organization import Duty, Organization, OrganizationName
from organizations.models.people import Membership, User
from organizations.models.place import Place
from organizations.models.provider import Provider
from organizations.models.tie import Tie
from organizations.models.tries import Tries

__all__ = [
    "Duty",
    "Membership",
    "Organization",
    "OrganizationName",
    "Place",
    "Provider",
    "Tie",
    "Tries",
    "User",
]
