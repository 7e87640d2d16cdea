"""Bodies, providers, places, and people with roles."""

from organizations.bodies.models import Organization, OrganizationName
from organizations.people.models import Membership, Tie, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Duty
from organizations.signing_in.models import Tries

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
