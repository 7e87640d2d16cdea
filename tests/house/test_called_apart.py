"""Where several fields of a form have one label, its faults tell which is meant."""

from __future__ import annotations

from collections import Counter

from foundation.forms.base import called_in_full
from organizations.people.models import User
from procurement.panel import scoring
from tests import factories
from tests.evaluations import judging
from tests.organizations.test_accreditation import registered
from tests.procurement import purchases


def twice(client, address: str) -> list[str]:
    """What more than one field of the form at an address is called in full."""
    form = client.get(address).context["form"]
    counted = Counter(called_in_full(field) for field in form if not field.is_hidden)
    assert len(counted) > 5
    return [label for label, count in counted.items() if count > 1]


def test_the_items_of_a_check_of_documents(who, client_of):
    provider = registered(who)
    for step in ("check-documents", "return-documents"):
        assert twice(client_of("minzheng"), f"/providers/{provider.pk}/{step}/") == []


def test_the_bids_that_an_expert_scores(client_of):
    seat = purchases.evaluating().panelseats.select_related("person")[0]
    seat = scoring.declare_free(seat, by=purchases.expert(seat), confirmed=True)
    assert twice(client_of(seat.person.username), f"{seat.get_absolute_url()}score/") == []


def test_the_indicators_of_a_sheet(client_of):
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    client = client_of(User.objects.get(pk=sheet.evaluator_id).username)
    assert twice(client, f"{sheet.get_absolute_url()}score/") == []
