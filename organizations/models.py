"""All models of organizations, for Django."""

from organizations.bodies.models import Organization, OrganizationName
from organizations.city_lists.models import CityList
from organizations.dispensations.models import Dispensation
from organizations.invitations.models import Invitation
from organizations.people.models import ConflictOfInterest, Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in.models import Tries
from organizations.staff_lists.models import StaffList

__all__ = [
    "CityList",
    "ConflictOfInterest",
    "Dispensation",
    "Invitation",
    "Membership",
    "Organization",
    "OrganizationName",
    "Place",
    "Provider",
    "Responsibility",
    "ServiceAccount",
    "StaffList",
    "Tries",
    "User",
]
