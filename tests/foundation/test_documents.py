"""PDFs: made in the background, kept with their hash, reading nothing from outside."""

from __future__ import annotations

import hashlib
import io
import re
import time
from datetime import timedelta

import pypdf
import pypdfium2
import pytest
from django.apps import apps
from django.db import connection

from contracts.contracts.documents import CONTRACT_PDF
from foundation import moments
from foundation.documents import fetching, making
from foundation.documents.fetching import FetchRefused, closed_fetcher
from foundation.documents.making import to_pdf
from foundation.documents.models import Document
from foundation.documents.states import DocumentStatus
from foundation.journal.models import Entry
from foundation.refusals import NotYours
from referrals.matters.documents import ACCEPTANCE_SLIP
from referrals.needs import triage
from tests import factories
from tests.racing import at_once


def slip_of(matter) -> Document:
    return making.request(ACCEPTANCE_SLIP, matter, by=factories.window_of(matter.town))


def text_of(content: bytes) -> str:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", "", text)


def fonts_of(content: bytes) -> dict[str, bool]:
    """Every font of a PDF, and whether it is embedded."""
    found: dict[str, bool] = {}
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
            found[str(descriptor["/FontName"])] = bool(embedded)
    return found


def test_a_requested_document_waits_for_the_worker_and_is_journaled():
    matter = factories.AcceptedMatter()
    document = slip_of(matter)
    assert document.status == DocumentStatus.QUEUED
    assert Entry.objects.filter(object_id=matter.pk, move="document").count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'document_id' = %s", [str(document.pk)]
        )
        assert cursor.fetchone() == (1,)


def test_the_acceptance_slip_says_what_the_household_needs_to_know():
    number = factories.new_id_number()
    matter = factories.AcceptedMatter(id_number=number, kind="medical")
    document = making.render(slip_of(matter))
    text = text_of(document.content())
    for words in ("社会救助申请受理单", matter.number, "医疗费用", "2个工作日", "首问负责人"):
        assert words in text
    assert "王小明" in text
    assert number not in text  # the paper may be left on a table


def test_the_contract_shows_lines_prices_and_the_sum():
    contract = factories.ContractInForce(quota=100)
    document = making.request(CONTRACT_PDF, contract, by=factories.actor("minzheng"))
    text = text_of(making.render(document).content())
    for words in ("社会救助服务合同", contract.number, "B01.01", "4,000.00", "102"):
        assert words in text
    assert contract.provider.organization.credit_code in text


def test_chinese_fonts_are_embedded_and_nothing_else():
    document = making.render(slip_of(factories.AcceptedMatter()))
    fonts = fonts_of(document.content())
    assert fonts
    assert all(fonts.values()), fonts
    assert all("Noto" in name for name in fonts), fonts


def test_rare_characters_of_names_are_drawn():
    content, _pages = to_pdf(
        '<html lang="zh-Hans"><style>body{font-family:"Noto Serif CJK SC"}</style>㐂䶮𬭚</html>'
    )
    assert text_of(content).strip() == "㐂䶮𬭚"


def test_the_pdf_declares_itself_archival():
    content = making.render(slip_of(factories.AcceptedMatter())).content()
    reader = pypdf.PdfReader(io.BytesIO(content))
    stated = reader.root_object["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part.{0,3}3", stated)
    assert reader.metadata.title.startswith("社会救助申请受理单")
    assert len(reader.pages) == 1


def test_the_page_is_not_blank_and_stays_within_its_margins():
    content = making.render(slip_of(factories.AcceptedMatter())).content()
    page = pypdfium2.PdfDocument(content)[0]
    picture = page.render(scale=1).to_pil().convert("L")
    dark = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    left, top, right, bottom = dark
    assert left > 30
    assert top > 30
    assert right < picture.width - 30
    assert bottom < picture.height - 10


def test_the_hash_is_that_of_the_kept_file_and_the_file_is_encrypted():
    document = making.render(slip_of(factories.AcceptedMatter()))
    content = document.content()
    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert not bytes(document.sealed).startswith(b"%PDF")
    assert document.progress == 100


def test_asking_again_gives_the_kept_one_until_the_subject_changes():
    matter = factories.AcceptedMatter()
    first = slip_of(matter)
    assert slip_of(matter).pk == first.pk
    triage.add(by=factories.window_of(matter.town), matter=matter, kind="legal")
    assert slip_of(matter).pk != first.pk


def test_progress_is_visible_while_the_worker_renders(monkeypatch):
    seen: list[tuple[str, int]] = []
    real = making._progress

    def watch(document, status, progress):
        seen.append((str(status), progress))
        real(document, status, progress)

    monkeypatch.setattr(making, "_progress", watch)
    making.render(slip_of(factories.AcceptedMatter()))
    assert [progress for _status, progress in seen] == [10, 30, 70]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        "<style>@import url(file:///etc/hostname);</style>",
        "<style>@font-face{font-family:x;src:url(file:///etc/hosts)}body{font-family:x}</style>x",
        '<img src="/etc/passwd">',
    ],
)
def test_a_template_reads_no_file_and_no_address(html, monkeypatch):
    asked: list[str] = []
    real = fetching.refuse

    def watch(url: str):
        asked.append(url)
        real(url)

    monkeypatch.setattr(fetching, "refuse", watch)
    content, pages = to_pdf(f"<html><body>{html}text</body></html>")
    assert pages == 1
    text = text_of(content)
    assert "text" in text
    assert "root:" not in text
    assert len(content) < 30_000  # nothing was attached or embedded
    assert asked or html.startswith('<img src="/')  # a bare path has no base and is not tried


def test_the_fetcher_refuses_everything():
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x"):
        with pytest.raises(FetchRefused):
            closed_fetcher().fetch(url)


def test_a_failed_rendering_is_told_and_can_be_asked_for_again(monkeypatch):
    matter = factories.AcceptedMatter()
    document = slip_of(matter)

    def explode(*args: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(making, "to_pdf", explode)
    with pytest.raises(RuntimeError):
        making.render(document)
    document.refresh_from_db()
    assert (document.status, document.fault) == ("failed", "RuntimeError: disk full")
    monkeypatch.undo()
    again = slip_of(matter)
    assert again.pk == document.pk
    assert making.render(Document.objects.get(pk=again.pk)).status == "ready"


# --- a worker that died ---------------------------------------------------------------------


def rendering_since(document: Document, **ago: int) -> None:
    """As a killed worker leaves it."""
    Document.objects.filter(pk=document.pk).update(
        status=DocumentStatus.RENDERING, progress=30, tries=1, touched_at=moments.now() - timedelta(**ago)
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args ? 'document_id'")


def jobs_of(document: Document) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'document_id' = %s", [str(document.pk)]
        )
        return cursor.fetchone()[0]


def test_a_document_left_in_the_middle_is_queued_anew_when_asked_for():
    matter = factories.AcceptedMatter()
    document = slip_of(matter)
    rendering_since(document, minutes=6)
    again = slip_of(matter)
    assert (again.pk, again.status) == (document.pk, DocumentStatus.QUEUED)
    assert jobs_of(document) == 1


def test_a_document_that_is_being_made_is_not_queued_twice():
    matter = factories.AcceptedMatter()
    document = slip_of(matter)
    rendering_since(document, seconds=30)
    assert slip_of(matter).status == DocumentStatus.RENDERING
    making.take_up()
    assert jobs_of(document) == 0


def test_the_worker_finds_by_itself_what_was_left_in_the_middle():
    document = slip_of(factories.AcceptedMatter())
    rendering_since(document, minutes=6)
    making.take_up()
    making.take_up()
    assert jobs_of(document) == 1
    making.render_waiting(document.pk)
    document.refresh_from_db()
    assert document.status == DocumentStatus.READY


def test_whoever_is_ready_first_has_made_the_document(monkeypatch):
    """A hash that was signed stays the hash of the file that is kept."""
    document = slip_of(factories.AcceptedMatter())
    late = Document.objects.get(pk=document.pk)
    first = making.render(document)
    second = making.render(late)
    assert second.sha256 == first.sha256
    assert Document.objects.get(pk=document.pk).sha256 == first.sha256


def test_two_workers_do_not_render_one_document_at_once(own_database, monkeypatch):
    document = slip_of(factories.AcceptedMatter())
    begun = []
    real = making.to_pdf

    def slow(*args):
        begun.append(1)
        time.sleep(0.5)
        return real(*args)

    monkeypatch.setattr(making, "to_pdf", slow)
    at_once([lambda: making.render_waiting(document.pk)] * 3)
    assert begun == [1]
    document.refresh_from_db()
    assert document.status == DocumentStatus.READY


def test_a_stranger_gets_neither_the_document_nor_word_of_it(client_of, who):
    matter = factories.AcceptedMatter()
    with pytest.raises(NotYours):
        making.request(ACCEPTANCE_SLIP, matter, by=who("chuangkou2"))
    document = making.render(slip_of(matter))
    stranger = client_of("chuangkou2")
    assert stranger.get(document.get_absolute_url()).status_code == 404
    assert stranger.get(f"/documents/{document.code}/file.pdf").status_code == 404
    own = client_of("chuangkou").get(f"/documents/{document.code}/file.pdf")
    assert own["Content-Type"] == "application/pdf"
    assert own["Cache-Control"] == "private, no-store"


def test_anybody_can_verify_a_paper_and_reads_no_content(client):
    document = making.render(slip_of(factories.AcceptedMatter()))
    answer = client.get(f"/verify/{document.code}/")
    page = answer.content.decode()
    assert document.sha256 in page
    assert "王小明" not in page


def test_the_worker_makes_the_document(own_database, work_off):
    matter = factories.AcceptedMatter()
    document = slip_of(matter)
    work_off()
    document.refresh_from_db()
    assert (document.status, document.fault) == ("ready", "")
    assert document.pages >= 1


def test_a_kind_of_document_about_another_kind_of_thing_is_not_there(client_of):
    """Every kind asked of an object of every other kind: never made, never a fault."""
    seen = {}
    for kind in making.KINDS.values():
        model = apps.get_model(kind.subject)
        seen[kind.subject] = model._default_manager.first()
    for label in ("organizations.Place", "organizations.Organization", "households.Household"):
        seen[label] = apps.get_model(label)._default_manager.first()
    seen["foundation.Entry"] = Entry.objects.first()
    client = client_of("minzheng")
    for kind in making.KINDS.values():
        for label, obj in seen.items():
            if label == kind.subject or obj is None:
                continue
            answers = (
                client.post(f"/api/v1/documents/{kind.key}/{label}/{obj.pk}"),
                client.post(f"/documents/make/{kind.key}/{obj.pk}/", {"subject": label}),
            )
            assert [answer.status_code for answer in answers] == [404, 404], (kind.key, label)
