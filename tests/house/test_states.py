"""What a state means stands in its table alone, and lower floors name nothing of upper ones."""

from __future__ import annotations

import pytest
from django.apps import apps

from foundation.lifecycle.states import States
from procurement.purchases.states import ProjectStatus
from procurement.purchases.views import STAGES
from referrals.offers.progress import WAY
from referrals.offers.states import ReferralStatus
from tests.house import asking_in_templates, naming_states, speaking
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
        for name in speaking.sources()
        if name.split("/")[0] in speaking.FLOORS and not name.endswith("/states.py")
        if (found := speaking.states_compared(read(name)))
    }
    said |= {
        name: found
        for name in speaking.templates()
        if (found := asking_in_templates.asked_states(read(name)))
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
        'words = {"awarded": 1, "failed": 2}[project.status]',
        'words = {"awarded": 1}.get(project.status, 0)',
        'match project.status:\n    case "awarded" | "failed":\n        pass',
        'wanted = "awarded"\nfound = projects.filter(status=wanted)',
        'wanted = ("awarded", "failed")\nfound = projects.filter(status__in=wanted)',
        'after = entry.after.get("status") == "awarded"',
        'after = entry.after["status"] == "awarded"',
        'done = str(project.status) == "awarded"',
        'done = getattr(project, "status") == "awarded"',
        'done = project.status.startswith("award")',
        'found = projects.filter(Q(("status", "awarded")))',
        'found = projects.filter(status__startswith="award")',
        'found = projects.filter(status__iexact="awarded")',
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


def test_what_is_compared_with_a_text_that_only_a_state_has_is_found():
    assert speaking.states_compared('def f(now):\n    return now == "in_service"')
    assert speaking.states_compared('mine = now in ("in_service", "planned")')
    assert not speaking.states_compared('mine = field == "papers_missing" or kind == "accepted"')


def test_no_single_state_is_named_outside_its_table_but_by_what_begins_in_it():
    named = {
        name: found
        for name in speaking.sources()
        if name.split("/")[0] in speaking.FLOORS and not name.endswith("/states.py")
        if (found := naming_states.states_named(read(name)))
    }
    assert named == {}


@pytest.mark.parametrize(
    "text",
    (
        "lost = bid.status == BidStatus.LOST",
        "asked = need.status != NeedStatus.REFERRED",
        "found = Need.objects.filter(status=NeedStatus.CONFERENCE)",
        "found = tally(state=ProjectStatus.AWARDED)",
        "mine = bid.status in (*BidStatus.in_phase(ENDED), BidStatus.SEALED)",
        "words = BidStatus.LOST.label",
        "LATE = BidStatus.LOST",
        'lost = bid.status == BidStatus["LOST"]',
        'lost = bid.status == BidStatus("lost")',
        'lost = bid.status == getattr(BidStatus, "LOST")',
        'found = Bid.objects.filter(models.Q(("status", BidStatus.LOST)))',
        'found = Bid.objects.filter(**{"status": BidStatus.LOST})',
        'lost = entry.after["status"] == BidStatus.LOST',
        "found = states_from(BidStatus.LOST)",
        "document = Document.objects.get(status=DocumentStatus.READY)",
    ),
)
def test_a_single_state_that_is_named_is_found(text):
    assert naming_states.states_named(text)


@pytest.mark.parametrize(
    "text",
    (
        "found = Bid.objects.filter(status__in=LOST)",
        "found = Bid.objects.filter(status__in=BidStatus.with_trait(ELIGIBLE))",
        "edition = Edition.objects.create(status=EditionStatus.DRAFT)",
        "edition = Edition(status=EditionStatus.DRAFT)",
        'found = Exit.objects.get_or_create(provider=1, defaults={"status": ExitStatus.PROPOSED})',
        "status = models.CharField(choices=BidStatus.choices, default=BidStatus.SEALED)",
        "_progress(document, DocumentStatus.RENDERING, 10)",
        'matter = _open(household, status=MATTER.get_start("find").state)',
    ),
)
def test_the_state_in_which_something_begins_is_not_found(text):
    assert naming_states.states_named(text) == []


def test_the_demonstration_and_the_benchmarks_ask_for_the_only_state_of_a_phase_by_its_phase():
    """Their cities are rows that are made in states: those are asked for nowhere."""
    beside = [name for name in speaking.sources() if name.split("/")[0] not in speaking.FLOORS]
    cities = [name for name in beside if name.startswith("demo/scale/")]
    asked = {name: found for name in cities if (found := naming_states.states_alone(read(name)))}
    asked |= {
        name: found
        for name in beside
        if name not in cities and (found := naming_states.states_named(read(name), alone=True))
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
        "GONE = Standing.EXITED",
        'gone = provider.status == Standing["EXITED"]',
        'found = Provider.objects.filter(models.Q(("status", Standing.EXITED)))',
    ),
)
def test_the_only_state_of_a_phase_that_is_asked_for_by_its_name_is_found(text):
    assert naming_states.states_alone(text)


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
    assert naming_states.states_alone(text) == []


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


@pytest.mark.parametrize(
    "text",
    (
        '{% if object.status == "known" %}',
        '{% if "known" == object.status %}',
        '{% if object.status|default:"" == "known" %}',
        '{% if object.status.value != "known" %}',
        '{% if shown and not object.status in "known closed" %}',
        '{% with now=object.status %}{% if now == "known" %}',
        '{% with object.status as now %}{% if now == "known" %}',
        '{% if object.get_status_display == "已定" %}',
        '{% if object.status_label == "已定" %}',
        '{% if words == "已受理" %}',
        '{% if now == "in_service" %}',
    ),
)
def test_a_state_that_is_said_in_a_template_is_found(text):
    assert asking_in_templates.asked_states(text)


@pytest.mark.parametrize(
    "text",
    (
        "{% if object.known %}{{ object.status_label }}",
        '{% if tone == "late" %}',
        "{% ifchanged object.status %}{% endifchanged %}",
    ),
)
def test_a_template_that_asks_the_object_is_not_found(text):
    assert asking_in_templates.asked_states(text) == []


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


def test_every_step_of_a_way_has_its_words():
    assert last_step(ReferralStatus) == len(WAY)
    assert last_step(ProjectStatus) == len(STAGES) - 1


def last_step(states: type[States]) -> int:
    """The last step of the way of a table."""
    return max(state.meaning.step for state in states if state.meaning.step is not None)
