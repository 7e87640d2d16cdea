"""Objects for tests, made the way the product makes them: through the actions.

``AcceptedReferral(need__kind="care")`` is a referral that a window sent and a
provider accepted, on its own contract line, with journal, clocks and quota.
"""

from demo.starter.places_and_people import actor
from tests.factories.cases import (
    AcceptedMatter,
    AcceptedReferral,
    OfferedReferral,
    OpenNeed,
    ReferralInService,
    TransferredNeed,
    account_of,
    coordinator_of,
    household_of,
    new_id_number,
    worker_of,
)
from tests.factories.contracting import (
    PURCHASES,
    Budget,
    ContractInForce,
    DirectContract,
    DraftContract,
    checked,
    paid,
    signed,
)
from tests.factories.editions import (
    AcceptedOffer,
    DraftEdition,
    PublishedEdition,
    ScheduledEdition,
    SubmittedEdition,
)
from tests.factories.holidays import (
    a_whole_year,
    confirmed_holidays,
    free_days,
    holidays,
    proposed_holidays,
    working_days,
)
from tests.factories.people import (
    TOWN,
    AccreditedProvider,
    PersonOf,
    certified,
    member_of,
    new_credit_code,
    town,
    user_of,
    window_of,
)
from tests.factories.rules import rule
from tests.factories.schemes import scheme_in_use

__all__ = [
    "PURCHASES",
    "TOWN",
    "AcceptedMatter",
    "AcceptedOffer",
    "AcceptedReferral",
    "AccreditedProvider",
    "Budget",
    "ContractInForce",
    "DirectContract",
    "DraftContract",
    "DraftEdition",
    "OfferedReferral",
    "OpenNeed",
    "PersonOf",
    "PublishedEdition",
    "ReferralInService",
    "ScheduledEdition",
    "SubmittedEdition",
    "TransferredNeed",
    "a_whole_year",
    "account_of",
    "actor",
    "certified",
    "checked",
    "confirmed_holidays",
    "coordinator_of",
    "free_days",
    "holidays",
    "household_of",
    "member_of",
    "new_credit_code",
    "new_id_number",
    "paid",
    "proposed_holidays",
    "rule",
    "scheme_in_use",
    "signed",
    "town",
    "user_of",
    "window_of",
    "worker_of",
    "working_days",
]
