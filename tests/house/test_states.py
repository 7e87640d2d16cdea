"""What a state means stands in its table alone, and lower floors name nothing of upper ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps

from foundation.lifecycle.states import States
from procurement.purchases.states import ProjectStatus
from procurement.purchases.views import STAGES
from referrals.offers.progress import WAY
from referrals.offers.states import ReferralStatus
from tests.house import asking_in_templates, naming_states, saying_states, speaking
from tests.house.packages import ROOT


def read(name: str) -> str:
    return (ROOT / name).read_text()


def outside_the_tables(look: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What is found in the sources of the product besides its tables, by file."""
    return {
        name: found
        for name in speaking.sources()
        if name.split("/")[0] in speaking.FLOORS and not name.endswith("/states.py")
        if (found := look(read(name)))
    }


def test_no_state_is_said_outside_its_table():
    said = {
        name: found
        for name in speaking.sources()
        if not name.endswith("/states.py") and (found := saying_states.bare_states(read(name)))
    }
    said |= outside_the_tables(saying_states.states_written)
    said |= {
        name: found
        for name in speaking.templates()
        if (found := asking_in_templates.asked_states(read(name)))
    }
    said |= {
        name: found
        for name in speaking.scripts()
        if (found := asking_in_templates.scripted_states(read(name)))
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
        'OPEN: str = "open"\nfound = needs.filter(status=OPEN)',
        'OPEN: tuple[str, ...] = ("open",)\nfound = needs.filter(status__in=OPEN)',
        'def is_open(need, wanted="open"):\n    return need.status == wanted',
        'def is_open(need, *, wanted="open"):\n    return need.status == wanted',
        'need.status = "open"',
        'status = "open" if urgent else "proposed"',
        'setattr(need, "status", "open")',
        'done = (now := need.status) == "open"',
        'done = f"{need.status}" == "open"',
        'done = need.status.lower() == "open"',
        'done = attrgetter("status")(need) == "open"',
        'done = operator.eq(need.status, "open")',
        'found = needs.filter(status__in=set(("open",)))',
        'found = needs.filter(status__in=frozenset(["open"]))',
        'found = needs.filter(status__in=["open"] + list(more))',
        'found = need.status in "open conference".split()',
        'found = need.status in {"open": 1}',
        'one = When(status=Value("open"), then=1)',
        'found = needs.filter(**{"status" + "__in": ["open"]})',
        'old_status = before(need)\ndone = old_status == "open"',
        'now = need.status\ndone = now == "open"',
        'done = entry.status_before == "open"',
        'for now in needs.values_list("status", flat=True):\n    done = now == "open"',
        'done = [now == "open" for now in needs.values_list("status", flat=True)]',
        'many = Counter(needs.values_list("status", flat=True))["open"]',
        'found = needs.annotate(now=F("status")).filter(now="open")',
        'done = need.status_label == "待定"',
        'done = need.get_status_display() == "待定"',
        'cursor.execute("SELECT 1 FROM referrals_need WHERE status = %s", ["open"])',
        'cursor.execute("SELECT 1 FROM t WHERE status = ANY(%(now)s)", {"now": ["open", more]})',
        'cursor.execute(f"SELECT 1 FROM {table} WHERE status = %s", ("open",))',
        'words = "SELECT 1 FROM referrals_need WHERE status = $$open$$"',
        'found = needs.filter(status__gt="open")',
        "words = \"SELECT 1 FROM referrals_need WHERE status LIKE 'refer%%'\"",
        "words = \"SELECT 1 FROM referrals_need WHERE status = ANY('{open,conference}')\"",
        'TONES = {"in_service": "done", "timed_out": "late", "planned": "calm"}',
        'TONES = dict(in_service="done", timed_out="late")',
        'TONES = {"open": "done", "other": "late"}\ntone = TONES.get(need.status, "soon")',
        'TONES = {"open": "done", "other": "late"}\ntone = TONES[need.status]',
        'TONES = {"open": "done", "other": "late"}\nshown = need.status in TONES',
        'class Chips:\n    tones = {"open": 1}\n    def tone(self, need):\n        return self.tones[need.status]',
        'done = referral.status_label == _("服务中")',
    ),
)
def test_a_state_that_is_said_elsewhere_is_found(text):
    assert saying_states.bare_states(text)


@pytest.mark.parametrize(
    "text",
    (
        "found = matters.filter(status__in=MatterStatus.in_phase(SERVING))",
        "done = project.status == ProjectStatus.OPEN",
        "answer = render(status=422)",
        'tones = ("done", "soon", "late")',
        'def at(now="open"):\n    return shop(now)',
        'now = need.status\nwanted = "open"',
        'need.status = NEED.get_start("add").state',
        'cursor.execute("SELECT 1 FROM t WHERE kind = %s", ["open"])',
    ),
)
def test_what_asks_the_table_is_not_found(text):
    assert saying_states.bare_states(text) == []


@pytest.mark.parametrize(
    "text",
    (
        'def f(now):\n    return now == "in_service"',
        'mine = now in ("in_service", "planned")',
        'mine = tally["in_service"] + tally.get("in_service")',
        'class Case:\n    wanted = "in_service"\n    def is_it(self, found):\n        return found.status == self.wanted',
        'match found:\n    case Referral(status="in_service"):\n        pass',
        'match (found.status, found.urgent):\n    case ("in_service", True):\n        pass',
        'cursor.execute(ASKED, ["in_service"])',
        'sql.SQL("x = {}").format(sql.Literal("in_service"))',
        'mine = dict(found.values_list("status", "n"))["in_service"]',
        'mine = is_now(need, "in_hand")',
        'for state, pk in rows:\n    if state == "timed_out":\n        pass',
    ),
)
def test_a_text_that_only_a_state_is_is_found_wherever_it_is_written(text):
    assert saying_states.states_written(text)


def test_a_name_of_a_field_and_a_key_of_a_mapping_are_no_states():
    assert saying_states.states_written('mine = field == "papers_missing" or kind == "accepted"') == []
    assert saying_states.states_written('shown = {"in_force": edition}') == []


def test_no_single_state_is_named_outside_its_table_but_by_what_begins_in_it():
    assert outside_the_tables(naming_states.states_named) == {}
    assert outside_the_tables(naming_states.states_picked) == {}


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
        "done = need.status == NEED.states.OPEN",
        "done = need.status == need.lifecycle.states.OPEN",
        'done = need.status == type(need).lifecycle.states("open")',
        "done = need.status == states_of(need).OPEN",
        'done = need.status == NeedStatus.__members__["OPEN"]',
    ),
)
def test_a_single_state_that_is_named_is_found(text):
    assert naming_states.states_named(text)


@pytest.mark.parametrize(
    "text",
    (
        "done = need.status == NeedStatus.in_phase(ASKED)[0]",
        "done = need.status == need.lifecycle.states.unfinished()[-1]",
        "wanted = NeedStatus.values[0]",
        "wanted = NEED.states.values[0]",
        "wanted = list(NeedStatus)[2]",
        "wanted = NeedStatus.values[3:5]",
        "wanted = list(NeedStatus)[4:8]",
        "wanted = next(iter(NeedStatus))",
        "wanted = min(NeedStatus)",
        'wanted = NEED.get_transition("close").arrow.target',
        'done = need.status == NEED.get_start("add").state',
        'done = need.lifecycle.states(need.status).phase.name == "asked"',
        "done = need.lifecycle.states(need.status).meaning.step >= 3",
    ),
)
def test_a_single_state_that_is_found_without_its_name_is_found(text):
    assert naming_states.states_picked(text)


@pytest.mark.parametrize(
    "text",
    (
        "found = Bid.objects.filter(status__in=BidStatus.in_phase(ENDED))",
        "first = sorted(bids)[0]",
        'sources = EDITION.get_transition("restore").arrow.sources',
        'matter = _open(household, status=MATTER.get_start("find").state)',
        "now = state.meaning.step\ndone = step < now",
        "if state.meaning.step is None:\n    pass",
        "done = state.phase == ENDED",
    ),
)
def test_what_asks_a_table_by_its_phases_is_not_found(text):
    assert naming_states.states_picked(text) == []


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
        '{% with wanted="open" %}{% if object.status == wanted %}',
        '{% with "open" as wanted %}{% if object.status == wanted %}',
        '{% for now in states %}{% if now == "open" %}',
        '{% for now in object.lifecycle.states %}{% if now == "open" %}',
        '{% if status == "open" %}',
        "{% if object.status == object.lifecycle.states.OPEN %}",
        '{% include "row.html" with now=object.status %}',
        '<script>if (row.status === "open") { show(row); }</script>',
        """<div x-show="'open' == row.status">""",
        '{% regroup needs by status as parts %}{% for part in parts %}{% if part.grouper == "open" %}',
        '<script>switch (row.status) { case "open": show(row); }</script>',
        '<script>if (["open", "closed"].includes(row.status)) show(row);</script>',
        '<a href="/needs/?status=open">',
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
        '{% include "chip.html" with state=object.status words=object.status_label %}',
        '{% with wanted="open" %}{% if object.kind == wanted %}',
        '<script>if (row.kind === "open" || row.status === other) { show(row); }</script>',
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
