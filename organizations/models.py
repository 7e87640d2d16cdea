"""All models of organizations, for Django."""

from organizations.bodies.models import Organization, OrganizationName
from organizations.dispensations.models import Dispensation
from organizations.factors.models import Factor, RecoveryCode
from organizations.invitations.models import Invitation
from organizations.people.models import ConflictOfInterest, Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in.models import BrowserSession, Token, Tries
from organizations.single_sign_on.models import Connection
from organizations.staff_lists.models import StaffList

__all__ = [
    "BrowserSession",
    "ConflictOfInterest",
    "Connection",
    "Dispensation",
    "Factor",
    "Invitation",
    "Membership",
    "Organization",
    "OrganizationName",
    "Place",
    "Provider",
    "RecoveryCode",
    "Responsibility",
    "ServiceAccount",
    "StaffList",
    "Token",
    "Tries",
    "User",
]
