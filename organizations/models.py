"""All models of organizations, for Django."""

from organizations.bodies.models import Organization, OrganizationName
from organizations.certificates.models import Certificate
from organizations.city_lists.models import CityList
from organizations.dispensations.models import Dispensation
from organizations.document_checks.models import DocumentCheck
from organizations.emergencies.models import EmergencyAccess
from organizations.fact_changes.models import FactChange
from organizations.factors.models import Factor, RecoveryCode
from organizations.invitations.models import Invitation
from organizations.listings.models import Listing, ListingFile
from organizations.people.models import ConflictOfInterest, Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in.models import BrowserSession, Token, Tries
from organizations.single_sign_on.models import Connection
from organizations.staff_lists.models import StaffList
from organizations.yearly_checks.models import YearlyCheck

__all__ = [
    "BrowserSession",
    "Certificate",
    "CityList",
    "ConflictOfInterest",
    "Connection",
    "Dispensation",
    "DocumentCheck",
    "EmergencyAccess",
    "FactChange",
    "Factor",
    "Invitation",
    "Listing",
    "ListingFile",
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
    "YearlyCheck",
]
