"""Open data follow the standard: its own checker finds nothing, and the record says what happened."""

from __future__ import annotations

import gc
import json
import tempfile
import tracemalloc
from datetime import timedelta
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import jsonref
import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.urls import reverse
from libcoveocds import schema as checker_schema
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig

from contracts.amendments import amending
from contracts.contracts import quota, running, signing
from contracts.contracts.models import Contract
from contracts.invoices import deliveries, invoicing
from foundation import moments
from procurement.awards import awarding
from procurement.objections import objecting
from procurement.ocds import packages, processes, releases
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project
from procurement.questions import asking
from tests import factories
from tests.procurement import purchases
from tests.procurement.purchases import framework

pytestmark = pytest.mark.story

STANDARD = Path(__file__).parent / "standard" / "standard-1__1__5.zip"


@pytest.fixture
def extension_server(settings):
    """The extension's files, where the data say that they are."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = packages.EXTENSION_FILES[self.path.split("/bids/")[1]].read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """For records the checker asks the standard's site for a schema that is in its file as well."""
    with ZipFile(STANDARD) as archive:
        schemas = {
            Path(name).name: json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith("-schema.json")
        }
    monkeypatch.setattr(
        checker_schema.jsonref,
        "replace_refs",
        partial(jsonref.replace_refs, loader=lambda uri: schemas[uri.rsplit("/", 1)[1]]),
    )


def faults(package: dict) -> dict:
    """What the standard's own checker has against a package."""
    config = LibCoveOCDSConfig({"context": "api", "standard_zip": f"file://{STANDARD}"})
    with tempfile.TemporaryDirectory() as folder:  # the checker leaves a copy of its schema there
        found = ocds_json_output(
            folder, None, schema_version="1.1", json_data=package, lib_cove_ocds_config=config
        )
    names = (
        "validation_errors",
        "additional_checks",
        "additional_closed_codelist_values",
        "additional_fields",
        "json_deref_error",
    )
    left = {name: found[name] for name in names if found.get(name)}
    invalid = (found.get("extensions") or {}).get("invalid_extension")
    return {**left, **({"extension": invalid} if invalid else {})}


def whole_life() -> Project:
    """A purchase with everything: a moved deadline, a withdrawn award, a contract that is amended,
    paid and ended.
    """
    project = purchases.published(days=12)
    asked = asking.ask(
        by=factories.member_of(factories.AccreditedProvider()), project=project, text="怎么计价？"
    )
    with moments.as_of(project.bids_until - timedelta(days=2)):
        asking.answer(asked, by=purchases.officer(), answer_text="按小时", changes_bids=True)
    project = Project.objects.get(pk=project.pk)
    with moments.as_of(project.bids_until - timedelta(days=2)):
        later = project.bids_until + timedelta(days=1)
        project = planning.extend(project, by=purchases.officer(), reason="系统维护", bids_until=later)
    project = purchases.closed(project, prices=("45", "48", "40", "46"))
    with moments.as_of(purchases.after(project, days=1)):
        project = _awarded_twice(project)
    with moments.as_of(purchases.after(project, days=20)):
        scheduled.follow_the_clock()
        project = awarding.make_contract(Project.objects.get(pk=project.pk), by=purchases.officer())
        contract = signing.sign_as_buyer(
            project.call_offs.get().contract,
            by=purchases.officer("minzheng2"),
            typed=purchases.officer("minzheng2").name,
        )
        member = factories.member_of(contract.provider)
        signing.sign_as_provider(contract, by=member, typed=member.name)
    with moments.as_of(moments.now() + timedelta(days=70)):
        running.follow_the_days()
        _used(Contract.objects.get(pk=contract.pk))
    return project


def _awarded_twice(project: Project) -> Project:
    project = purchases.awarded(project, prices=())
    loser = project.bids.filter(status="lost").order_by("rank")[0].provider
    raised = objecting.raise_objection(by=factories.member_of(loser), project=project, grounds="资质过期")
    purchases.upheld(raised, "资质过期")
    return awarding.award(Project.objects.get(pk=project.pk), by=purchases.officer())


def _used(contract: Contract) -> None:
    line, member = contract.lines.get(), factories.member_of(contract.provider)
    for units in (4, 6):
        quota.reserve(line.pk, units)
        deliveries.record(line.pk, units, holder="ZJ-1", on=moments.today())
        factories.paid(invoicing.draw_up(by=member, contract=contract))
    amendment = amending.propose(
        by=purchases.officer(), contract=contract, quotas={line.pk: 1050}, why="冬季需求"
    )
    second = purchases.officer("minzheng2")
    amendment = amending.sign(amendment, by=second, typed=second.name)
    amending.agree(amendment, by=member, typed=member.name)
    running.terminate(Contract.objects.get(pk=contract.pk), by=purchases.officer(), reason="提前结束")


@pytest.fixture(scope="module")
def told(django_db_setup: None, data_of_the_file: None, django_db_blocker: Any) -> SimpleNamespace:
    """What is published of one whole life, for the tests that only read it; the life itself is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        project = whole_life()
        said = SimpleNamespace(
            releases=releases.releases_of(processes.find(processes.ocid_of(project.number))),
            record=record_of(project),
            again=record_of(project),
            price=float(project.call_offs.get().contract.lines.get().unit_price),
        )
        transaction.set_rollback(True)
    connections.close_all()
    return said


def record_of(project: Project) -> dict:
    process = processes.find(processes.ocid_of(project.number))
    return packages.record(process)


# --- the standard's own checker ----------------------------------------------------------------


def test_a_process_with_everything_is_valid_as_releases_and_as_a_record(extension_server):
    process = processes.find(processes.ocid_of(whole_life().number))
    assert faults(packages.release_package(process, "http://127.0.0.1/x")) == {}
    assert faults(packages.record_package(process, "http://127.0.0.1/x")) == {}


def test_the_checker_would_find_a_fault(extension_server):
    process = processes.find(processes.ocid_of(purchases.published().number))
    package = packages.release_package(process, "http://127.0.0.1/x")
    package["releases"][0]["tender"]["status"] = "opened"
    package["releases"][0]["tender"]["title"] = " "
    package["releases"][0]["date"] = "yesterday"
    package["releases"][0]["oddity"] = 1
    assert faults(package).keys() == {
        "validation_errors",
        "additional_checks",
        "additional_closed_codelist_values",
        "additional_fields",
    }


def test_every_year_of_the_starter_data_is_valid_in_every_form(extension_server, tmp_path):
    for year in processes.years():
        call_command("export_ocds", year=year, output=tmp_path, quiet=True, stdout=StringIO())
        for form in ("releases.json", "records.json"):
            package = json.loads((tmp_path / f"ocds-{year}.{form}").read_text())
            assert faults(package) == {}, (year, form)
        lines = (tmp_path / f"ocds-{year}.jsonl").read_text().splitlines()
        records = json.loads((tmp_path / f"ocds-{year}.records.json").read_text())["records"]
        assert [json.loads(line) for line in lines] == records
    assert not list(tmp_path.glob("*.part"))


# --- what it says -------------------------------------------------------------------------------


def test_each_event_is_a_release_with_its_tag_in_order(told):
    made = told.releases
    assert [each["tag"] for each in made] == [
        ["planning", "tender"],
        ["tenderUpdate"],
        ["tenderUpdate"],
        ["tenderUpdate"],
        ["award"],
        ["awardCancellation"],
        ["award"],
        ["contract"],
        ["contractUpdate"],
        ["implementation"],
        ["implementationUpdate"],
        ["implementationUpdate"],
        ["implementationUpdate"],
        ["contractAmendment"],
        ["contractTermination"],
    ]
    assert [each["date"] for each in made] == sorted(each["date"] for each in made)
    assert len({each["id"] for each in made}) == len(made)


def test_the_record_says_how_it_stands_and_the_releases_how_it_stood(told):
    record = told.record
    compiled = record["compiledRelease"]
    first, moved, extended = record["releases"][:3]
    deadlines = [each["tender"]["tenderPeriod"]["endDate"] for each in (first, moved, extended)]
    assert deadlines == sorted(set(deadlines))
    assert compiled["tender"]["status"] == "complete"
    assert compiled["tender"]["procurementMethod"] == "selective"
    assert compiled["tender"]["procurementMethodDetails"] == "竞争性磋商"
    assert {award["status"] for award in compiled["awards"]} == {"active", "cancelled"}
    statuses = sorted(detail["status"] for detail in compiled["bids"]["details"])
    assert statuses == ["disqualified", "valid", "valid", "valid"]
    (contract,) = compiled["contracts"]
    assert contract["status"] == "terminated"
    assert contract["items"][0]["quantity"] == 1050
    signed = next(release for release in record["releases"] if release["tag"] == ["contract"])
    assert signed["contracts"][0]["items"][0]["quantity"] == 1000
    assert signed["contracts"][0]["status"] == "pending"
    paid = [transaction["value"]["amount"] for transaction in contract["implementation"]["transactions"]]
    assert paid == [4 * told.price, 6 * told.price]
    assert contract["amendments"][0]["rationale"] == "冬季需求"
    assert len(contract["implementation"]["milestones"]) == 2


def test_nothing_is_published_before_it_may_be_known():
    planned = purchases.ready()
    assert processes.find(processes.ocid_of(planned.number)) is None
    project = purchases.published()
    purchases.bid_by(project, factories.AccreditedProvider(name="保密投标的机构"), "41.73")
    text = json.dumps(record_of(project), ensure_ascii=False)
    assert "保密投标的机构" not in text and "41.73" not in text and "bids" not in text


def test_an_invitation_is_public_once_it_is_decided():
    invited = [factories.AccreditedProvider() for _ in range(3)]
    project = purchases.planned("inquiry", code="D02.01", limit_price=Decimal("150"), quota=9)
    project = purchases.published(project, invited=invited)
    assert processes.find(processes.ocid_of(project.number)) is None
    for provider, price in zip(invited, ("120", "130", "140"), strict=True):
        purchases.bid_by(project, provider, price)
    project = purchases.awarded(project, prices=())
    assert record_of(project)["compiledRelease"]["tender"]["procurementMethod"] == "selective"


def test_a_purchase_that_came_to_nothing_says_why():
    project = planning.propose_failure(
        purchases.published(), by=purchases.officer(), reason="major_change", why="需求取消"
    )
    project = planning.confirm_failure(project, by=purchases.officer("minzheng2"))
    record = record_of(project)
    assert record["releases"][-1]["tag"] == ["tenderCancellation"]
    tender = record["compiledRelease"]["tender"]
    assert tender["status"] == "unsuccessful"
    assert tender["amendments"][0]["rationale"] == "因重大变故，采购任务取消。需求取消"


def test_a_contract_from_outside_is_a_process_of_its_own(extension_server):
    contract = factories.ContractInForce()
    process = processes.find(processes.ocid_of(contract.number))
    record = packages.record(process)
    assert record["releases"][0]["tag"] == ["award", "contract"]
    compiled = record["compiledRelease"]
    assert compiled["contracts"][0]["awardID"] == compiled["awards"][0]["id"]
    assert faults(packages.record_package(process, "http://127.0.0.1/x")) == {}


def test_a_second_competition_names_its_framework():
    above = framework(places=3, prices=("40", "44", "46", "49"))
    project = purchases.planned("inquiry", under=above, quota=30)
    shortlisted = [bid.provider for bid in above.bids.filter(status="awarded")]
    project = purchases.published(project)
    for provider in shortlisted:
        purchases.bid_by(project, provider, "37")
    project = purchases.awarded(project, prices=())
    (related,) = record_of(project)["compiledRelease"]["relatedProcesses"]
    assert related["identifier"] == processes.ocid_of(above.number)
    assert related["relationship"] == ["framework"]


def test_the_same_releases_are_made_whenever_they_are_asked_for(told):
    assert told.record == told.again


# --- addresses and the command --------------------------------------------------------------------


def test_anybody_loads_a_year_a_process_and_the_extension(client):
    project = purchases.published()
    page = client.get(reverse("open-data")).content.decode()
    year = project.published_at.astimezone(moments.SHANGHAI).year
    address = reverse("ocds-year", args=[year, "jsonl"])
    assert address in page
    answer = client.get(address)
    lines = b"".join(answer.streaming_content).decode().splitlines()
    ocid = processes.ocid_of(project.number)
    assert ocid in {json.loads(line)["ocid"] for line in lines}
    record = client.get(reverse("ocds-process", args=[ocid, "record.json"])).json()
    assert record["records"][0]["ocid"] == ocid
    assert record["extensions"][0].endswith(reverse("ocds-extension", args=["extension.json"]))
    for name, path in packages.EXTENSION_FILES.items():
        got = client.get(reverse("ocds-extension", args=[name]))
        assert got.content == path.read_bytes()
    for wrong in (
        reverse("ocds-year", args=[1999, "jsonl"]),
        reverse("ocds-year", args=[year, "xml"]),
        reverse("ocds-process", args=[ocid, "xml"]),
        reverse("ocds-process", args=["ocds-000000-XM-1", "record.json"]),
        reverse("ocds-extension", args=["../packages.py"]),
    ):
        assert client.get(wrong).status_code == 404, wrong


def test_a_year_without_processes_is_told():
    with pytest.raises(CommandError, match="no processes of 1999"):
        call_command("export_ocds", year=1999, quiet=True)


def test_more_processes_ask_the_database_no_more_often(django_assert_num_queries):
    purchases.awarded()
    projects, contracts = processes.keys()
    with django_assert_num_queries(14) as first:
        assert list(processes.read(projects, contracts))
    purchases.published()
    purchases.closed()
    projects, contracts = processes.keys()
    with django_assert_num_queries(len(first)):
        assert list(processes.read(projects, contracts))


def test_memory_stays_flat_however_many_processes_there_are(monkeypatch):
    monkeypatch.setattr(processes, "CHUNK", 5)
    projects, contracts = processes.keys()
    held = []
    tracemalloc.start()
    found = processes.read(projects * 12, contracts * 12)
    for number, process in enumerate(found):
        packages.record(process)
        if number % 20 == 0:
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    third = len(held) // 3
    assert third >= 3
    assert max(held[-third:]) < 1.2 * max(held[:third])
