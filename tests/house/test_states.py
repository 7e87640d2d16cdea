"""What a state means stands in its table alone, and lower floors name nothing of upper ones."""

from __future__ import annotations

import pytest
from django.apps import apps

from tests.house import speaking
from tests.house.packages import ROOT


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_no_state_is_said_outside_its_table():
    said = {
        name: found
        for name in speaking.sources()
        if not name.endswith("/states.py") and (found := speaking.bare_states(read(name)))
    }
    said |= {
        name: found
        for name in speaking.templates()
        if (found := speaking.bare_states_in_template(read(name)))
    }
    assert said == {}


@pytest.mark.parametrize(
    "text",
    (
        'done = project.status == "awarded"',
        'found = matters.filter(status="accepted")',
        'found = needs.filter(referrals__status__in=["offered", "declined"])',
        "RUNNING = (ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE)",
        "rules = list(_rules_in((ReferralStatus.ACCEPTED,)))",
        "COUNTED = [EffectStatus.READY]",
        'HELD = {"accepted", "in_service"}',
        "OPEN = AnyOf(NeedStatus.OPEN, NeedStatus.REFERRED)",
        "_SQL = \"SELECT id FROM referrals_referral WHERE status = 'in_service'\"",
        "_SQL = f\"UPDATE t SET n = 1 WHERE state IN ('accepted', {more})\"",
        'row = {"status": "accepted"}',
    ),
)
def test_a_state_that_is_said_elsewhere_is_found(text):
    assert speaking.bare_states(text)


@pytest.mark.parametrize(
    "text",
    (
        "found = matters.filter(status__in=MatterStatus.in_phase(SERVING))",
        "done = project.status == ProjectStatus.OPEN",
        "answer = render(status=422)",
        'tones = ("done", "soon", "late")',
    ),
)
def test_what_asks_the_table_is_not_found(text):
    assert speaking.bare_states(text) == []


def test_the_only_state_of_a_phase_is_asked_for_by_its_phase():
    asked = {
        name: found
        for name in speaking.sources()
        if name.split("/")[0] in speaking.FLOORS and not name.endswith("/states.py")
        if (found := speaking.states_alone(read(name)))
    }
    assert asked == {}


@pytest.mark.parametrize(
    "text",
    (
        "gone = provider.status == Standing.EXITED",
        "gone = Standing.EXITED != provider.status",
        "mends = provider.status in (Standing.ACCREDITED, Standing.SUSPENDED)",
        "found = Provider.objects.filter(status=Standing.ACCREDITED)",
        "found = Offer.objects.exclude(provider__status__in=[Standing.EXITED])",
        "bid = project.bids.get(status=BidStatus.SEALED)",
        "one = models.Q(status=EditionStatus.IN_FORCE)",
        "one = Case(When(status=EditionStatus.IN_FORCE, then=1))",
        "document = get_object_or_404(Document, code=code, status=DocumentStatus.READY)",
        "words = {Standing.EXITED: _('left')}",
        "words = {str(Standing.EXITED): _('left')}",
        "key = PROJECT.clocks[ProjectStatus.AWARDED]",
        "match state:\n    case Standing.EXITED:\n        pass",
        "sql = f\"SELECT 1 FROM t WHERE status = '{Standing.EXITED}'\"",
        "S = Standing\ngone = provider.status == S.EXITED",
        "from organizations.providers.states import Standing as S\ngone = provider.status == S.EXITED",
        "gone = provider.status == states.Standing.EXITED",
        "rules = list(_rules_in((Standing.EXITED,)))",
    ),
)
def test_the_only_state_of_a_phase_that_is_asked_for_by_its_name_is_found(text):
    assert speaking.states_alone(text)


@pytest.mark.parametrize(
    "text",
    (
        "gone = provider.has_left",
        "found = Provider.objects.filter(status__in=Standing.in_phase(SUSPENDED))",
        "lost = bid.status == BidStatus.LOST",
        "asked = need.status == NeedStatus.REFERRED",
        "edition = Edition.objects.create(status=EditionStatus.DRAFT)",
        "Edition.objects.filter(pk=1).update(status=EditionStatus.IN_FORCE)",
        "status = models.CharField(choices=BidStatus.choices, default=BidStatus.SEALED)",
        "clocks.begin(CONTRACT, contract, SIGNATURE, state=ContractStatus.OFFERED)",
        "matter = _open(household, by, MatterStatus.ACCEPTED)",
    ),
)
def test_a_state_that_is_set_or_that_shares_its_phase_is_not_found(text):
    assert speaking.states_alone(text) == []


def test_every_status_is_a_state_with_a_phase_in_a_file_of_states():
    states = speaking.enumerations()
    assert len(states) > 40
    assert [name for name, found in states.items() if not found.__module__.endswith(".states")] == []
    known = {tuple(found.choices) for found in states.values()}
    other = [
        field
        for model in apps.get_models()
        if model._meta.app_label in speaking.FLOORS
        for field in model._meta.concrete_fields
        if field.name in ("status", "state") and field.choices and tuple(field.choices) not in known
    ]
    assert other == []


def test_a_state_that_is_said_in_a_template_is_found():
    assert speaking.bare_states_in_template('{% if object.status == "known" %}')
    assert not speaking.bare_states_in_template("{% if object.known %}{{ object.status_label }}")


def test_lower_floors_name_nothing_of_upper_ones():
    named = {
        name: found
        for name in speaking.sources()
        if (found := speaking.upper_names(read(name), name.split("/")[0]))
    }
    assert named == {}


@pytest.mark.parametrize(
    "text",
    (
        'OWN = {("giving.Pool", "open"): "done"}',
        '_SQL = "SELECT count(*) FROM referrals_referral"',
        'TONES = ["fed_back"]',
    ),
)
def test_what_a_lower_floor_names_of_an_upper_one_is_found(text):
    assert speaking.upper_names(text, "foundation")
    assert not speaking.upper_names(text, "evaluations")
    assert not speaking.upper_names(f'"""{text!r}"""', "foundation")
