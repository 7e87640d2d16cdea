"""All models of organizations, for Django."""

from organizations.bodies.models import Organization, OrganizationName
from organizations.people.models import ConflictOfInterest, Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in.models import Tries

__all__ = [
    "ConflictOfInterest",
    "Membership",
    "Organization",
    "OrganizationName",
    "Place",
    "Provider",
    "Responsibility",
    "ServiceAccount",
    "Tries",
    "User",
]
