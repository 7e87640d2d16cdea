"""The text under version, both names under one hash, hold-back by grade, penalties, certificates."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.db import DatabaseError, transaction
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from catalog.items.models import Item
from contracts.amendments import amending
from contracts.amendments.documents import AMENDMENT_TEXT
from contracts.budgets import ledger
from contracts.contracts import quota, running, signing, terms
from contracts.contracts.documents import CONTRACT_PDF, CONTRACT_TEXT
from contracts.contracts.models import Contract
from contracts.invoices import deliveries, invoicing
from contracts.invoices.models import Invoice
from contracts.penalties import deducting
from contracts.signatures.models import Signature
from contracts.templates import adopting, text
from contracts.templates.models import Template
from foundation import moments
from foundation.deadlines import clocks
from foundation.documents import making
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from organizations.providers.models import Provider
from tests import factories

RULES = [{"title": "逾期首次联系", "amount": Decimal("50")}]


def officer(name: str = "minzheng"):
    return factories.actor(name)


def second():
    return officer("minzheng2")


def agreed(hold_back: int = 10, billing: str = "any_time", **given) -> Contract:
    """A contract in force with a hold-back and a penalty rule."""
    contract = factories.DraftContract(**given)
    contract = terms.set_terms(
        contract, by=officer(), billing=billing, hold_back_percent=hold_back, penalties=RULES
    )
    contract = signing.sign_as_buyer(contract, by=second(), typed=second().name)
    member = factories.member_of(contract.provider)
    signing.sign_as_provider(contract, by=member, typed=member.name)
    running.follow_the_days()
    return Contract.objects.get(pk=contract.pk)


def delivered(contract: Contract, units: int) -> None:
    line = contract.lines.get()
    quota.reserve(line.pk, units)
    deliveries.record(line.pk, units, holder="ZJ-1", on=moments.today())


def invoiced(contract: Contract, units: int = 10) -> Invoice:
    delivered(contract, units)
    return invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)


def words_of(document) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content())).pages).replace(
        "\n", ""
    )


# --- the text ---------------------------------------------------------------------------


def test_a_new_text_is_drafted_by_one_adopted_by_another_and_old_contracts_keep_theirs():
    old = factories.DraftContract()
    body = text.shipped().replace("第九条 变更与争议", "第九条 不可抗力与争议")
    template = adopting.draft(by=officer(), title="服务合同（新）", body=body, note="加不可抗力")
    with pytest.raises(NotYours):
        adopting.adopt(template, by=officer())
    adopting.adopt(template, by=officer("minzheng2"))
    new = factories.DraftContract()
    assert (old.template, new.template) == (None, template)
    shown = words_of(making.made(CONTRACT_TEXT, new, by=officer()))
    assert "不可抗力与争议" in shown and "服务合同（新）" in shown
    assert "不可抗力" not in words_of(making.made(CONTRACT_TEXT, old, by=officer()))
    second = adopting.draft(by=officer(), title="再改", body=body)
    adopting.adopt(second, by=officer("minzheng2"))
    template.refresh_from_db()
    assert (template.status, adopting.in_use()) == ("replaced", second)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("【甲方名称】", "【甲方】", "没有这些变量：甲方。 缺少这些变量：甲方名称。"),
        ("【合同金额】", "若干", "缺少这些变量：合同金额。"),
        ("【付款安排】", "付款：【付款安排】", "这些变量须独占一行：付款安排。"),
    ],
)
def test_a_wrong_variable_is_told_at_the_text(old, new, words):
    with pytest.raises(Invalid) as refusal:
        adopting.draft(by=officer(), title="x", body=text.shipped().replace(old, new))
    assert refusal.value.fields == {"body": words}
    assert not Template.objects.exists()


def test_an_adopted_text_cannot_be_changed_in_the_database():
    template = adopting.draft(by=officer(), title="x", body=text.shipped())
    with pytest.raises(DatabaseError), transaction.atomic():
        Template.objects.filter(pk=template.pk).update(body="空白")


def test_nothing_in_a_text_runs():
    body = text.shipped() + "\n{% include 'base.html' %} {{ settings.SECRET_KEY }}"
    template = adopting.draft(by=officer(), title="x", body=body)
    adopting.adopt(template, by=officer("minzheng2"))
    document = making.made(CONTRACT_TEXT, factories.DraftContract(), by=officer())
    assert "{{ settings.SECRET_KEY }}" in words_of(document)


def test_the_text_says_standards_payment_and_penalties():
    shown = words_of(making.made(CONTRACT_TEXT, agreed(), by=officer()))
    assert factories.DraftContract().lines.get().standards[0]["text"] in shown
    plain = shown.replace(" ", "")  # a line may break where a blank is
    assert "每次支付留10%作尾款" in plain and "合格80%" in plain
    assert "逾期首次联系" in shown and "50" in shown


def test_a_line_says_how_many_places_and_from_when_and_both_are_held_to():
    contract = factories.DirectContract(code="D02.01")
    later = contract.start_on + timedelta(days=30)
    fields = {
        "item": Item.objects.in_force().get(code="C02.03"),
        "unit_price": Decimal("40"),
        "quota": 10,
        "places": 5,
    }
    with pytest.raises(Invalid, match="合同期限之内"):
        signing.add_line(contract, by=officer(), to_day=contract.end_on + timedelta(days=1), **fields)
    signing.add_line(contract, by=officer(), from_day=later, **fields)
    contract = signing.sign_as_buyer(contract, by=second(), typed=second().name)
    member = factories.member_of(contract.provider)
    with pytest.raises(Refused, match="约定 5 个名额，贵机构申报的只有 0 个"):
        signing.sign_as_provider(contract, by=member, typed=member.name)
    factories.AcceptedOffer(provider=contract.provider, code="C02.03", places=5)
    signing.sign_as_provider(contract, by=member, typed=member.name)
    running.follow_the_days()
    line = contract.lines.get(item__code="C02.03")
    with pytest.raises(Exhausted):
        quota.reserve(line.pk, 1)
    with moments.as_of(moments.now() + timedelta(days=31)):
        quota.reserve(line.pk, 1)


# --- signing ----------------------------------------------------------------------------


def test_both_sides_sign_the_hash_of_one_and_the_same_pdf():
    contract = agreed()
    buyer, provider = contract.signatures.all()
    document = making.made(CONTRACT_TEXT, contract, by=officer())
    assert buyer.sha256 == provider.sha256 == document.sha256
    assert (buyer.side, buyer.signer) == ("buyer", second().name)
    shown = words_of(making.made(CONTRACT_PDF, contract, by=officer()))
    assert buyer.signer in shown and provider.signer in shown
    assert document.sha256 in shown


def test_the_name_that_is_typed_must_be_the_signers_own():
    contract = factories.DraftContract()
    with pytest.raises(Invalid) as refusal:
        signing.sign_as_buyer(contract, by=officer("minzheng2"), typed="周 明")
    assert "typed" in refusal.value.fields
    contract.refresh_from_db()
    assert (contract.status, contract.signatures.count()) == ("draft", 0)


def test_a_text_other_than_the_one_seen_is_not_signed():
    contract = factories.DraftContract()
    contract = signing.sign_as_buyer(contract, by=second(), typed=second().name)
    member = factories.member_of(contract.provider)
    with pytest.raises(Refused, match="文本和对方签署的不一样"):
        signing.sign_as_provider(contract, by=member, typed=member.name, sha256="0" * 64)
    Contract.objects.filter(pk=contract.pk).update(standards_note="后来加的")
    with pytest.raises(Refused, match="文本和对方签署的不一样"):
        signing.sign_as_provider(contract, by=member, typed=member.name)


def test_a_signature_cannot_be_changed_or_taken_away():
    contract = agreed()
    with pytest.raises(DatabaseError), transaction.atomic():
        contract.signatures.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        contract.signatures.all().delete()


def test_a_supplementary_agreement_is_signed_like_a_contract():
    contract = agreed()
    line = contract.lines.get()
    amendment = amending.propose(by=officer(), contract=contract, quotas={line.pk: 105}, why="需求增加")
    amendment = amending.sign(amendment, by=second(), typed=second().name)
    member = factories.member_of(contract.provider)
    amending.agree(amendment, by=member, typed=member.name)
    signed = amendment.signatures.all()
    assert [each.side for each in signed] == ["buyer", "provider"]
    document = making.made(AMENDMENT_TEXT, amendment, by=officer())
    assert {each.sha256 for each in signed} == {document.sha256}
    shown = words_of(document)
    assert "第 1 份" in shown and "105" in shown and "需求增加" in shown
    assert Signature.objects.filter(contract=contract, amendment=None).count() == 2


# --- the digital signature ----------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path, settings):
    """A certificate of a city that does not exist, and the store that trusts it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test City Civil Affairs")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "city.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"city", key, made, None, serialization.BestAvailableEncryption(b"pass")
        )
    )
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSPHRASE = str(path), "pass"
    return made.public_bytes(serialization.Encoding.DER)


def judged(content: bytes, root: Certificate):
    """What the library says of the one signature; in a thread, for it runs an event loop."""
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    trusting = ValidationContext(trust_roots=[root], allow_fetching=False)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(validate_pdf_signature, signature, trusting).result()


def test_the_signed_contract_bears_a_digital_signature_that_covers_all_of_it(certificate):
    content = making.made(CONTRACT_PDF, agreed(), by=officer()).content()
    root = Certificate.load(certificate)
    status = judged(content, root)
    assert status.intact and status.valid and status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    changed = content.replace(b"/Producer", b"/Producex", 1)
    assert changed != content
    assert not judged(changed, root).intact


def test_a_certificate_that_cannot_be_opened_gives_no_unsigned_document(certificate, settings):
    settings.SIGNING_PASSPHRASE = "wrong"
    with pytest.raises(ValueError, match="cannot be opened"):
        making.made(CONTRACT_PDF, agreed(), by=officer())


def test_without_a_certificate_a_contract_has_no_digital_signature():
    content = making.made(CONTRACT_PDF, agreed(), by=officer()).content()
    assert PdfFileReader(io.BytesIO(content)).embedded_signatures == []


# --- hold-back --------------------------------------------------------------------------


def test_a_part_of_each_payment_stays_until_the_end():
    contract = agreed(hold_back=10)
    invoice = invoiced(contract, 10)
    assert (invoice.amount, invoice.held, invoice.payable) == (400, 40, 360)
    factories.paid(invoice)
    contract.refresh_from_db()
    assert (contract.spent, invoicing.held_back(contract)) == (360, 40)


@pytest.mark.parametrize(("grade", "paid"), [("excellent", 40), ("pass", 32), ("fail", 0), ("", 40)])
def test_the_grade_says_how_much_of_the_hold_back_is_paid(grade, paid):
    contract = agreed(hold_back=10)
    factories.paid(invoiced(contract, 10))
    member = factories.member_of(contract.provider)
    with pytest.raises(NotNow, match="期满或终止后"):
        invoicing.draw_up_final(by=member, contract=contract)
    running.terminate(contract, by=officer(), reason="提前结束")
    with pytest.raises(Refused, match="尾款还没有结算"):
        running.settle(contract, by=officer("caizheng"))
    Provider.objects.filter(pk=contract.provider_id).update(last_grade=grade)
    final = invoicing.draw_up_final(by=member, contract=contract)
    assert (final.kind, final.amount, final.payable) == ("final", 40, paid)
    with pytest.raises(NotNow):
        invoicing.draw_up_final(by=member, contract=contract)
    factories.paid(final)
    contract.refresh_from_db()
    assert contract.spent == 360 + paid
    assert running.settle(contract, by=officer("caizheng")).status == "settled"
    assert list(ledger.faults()) == []


def test_a_final_invoice_that_was_sent_back_can_be_drawn_again():
    contract = agreed(hold_back=10)
    factories.paid(invoiced(contract, 10))
    running.terminate(contract, by=officer(), reason="提前结束")
    member = factories.member_of(contract.provider)
    final = invoicing.draw_up_final(by=member, contract=contract)
    invoicing.send_back(final, by=officer(), reason="等评估结果")
    assert invoicing.draw_up_final(by=member, contract=contract).amount == 40


def test_a_hold_back_over_the_rule_is_refused():
    with pytest.raises(Invalid, match="不能超过 20%"):
        agreed(hold_back=21)


@pytest.mark.parametrize(("billing", "days"), [("monthly", 32), ("quarterly", 93)])
def test_work_is_claimed_once_in_its_period(billing, days):
    contract = agreed(billing=billing)
    first = invoiced(contract, 1)
    with pytest.raises(NotNow, match="本期已经提交过"):
        invoiced(contract, 1)
    invoicing.send_back(first, by=officer(), reason="数量不对")
    invoiced(contract, 1)
    with moments.as_of(moments.now() + timedelta(days=days)):
        assert invoiced(contract, 1).amount > 0


# --- penalties --------------------------------------------------------------------------


def fined(contract: Contract, cases: int = 2, **given):
    return deducting.impose(
        by=officer(), contract=contract, title="逾期首次联系", cases=cases, why="两户逾期", **given
    )


def test_a_penalty_is_told_accepted_and_taken_off_the_next_invoice():
    contract = agreed(hold_back=0)
    penalty = deducting.accept(fined(contract), by=factories.member_of(contract.provider))
    invoice = invoicing.accept_work(factories.checked(invoiced(contract, 10)), by=officer())
    penalty.refresh_from_db()
    assert (invoice.penalty, invoice.payable) == (100, 300)
    assert (penalty.status, penalty.invoice) == ("deducted", invoice)
    with pytest.raises(NotNow, match="不能退回"):
        invoicing.send_back(invoice, by=officer(), reason="x")


def test_silence_for_five_working_days_is_consent():
    penalty = fined(agreed())
    with moments.as_of(moments.now() + timedelta(days=20)):
        clocks.tick()
    penalty.refresh_from_db()
    assert penalty.status == "confirmed"


def test_a_contested_penalty_is_decided_by_somebody_else_of_the_buyer():
    contract = agreed()
    member = factories.member_of(contract.provider)
    penalty = deducting.contest(fined(contract), by=member, reason="家庭改了时间")
    assert penalty.answer == "家庭改了时间"
    with pytest.raises(NotYours):
        deducting.confirm(penalty, by=officer(), reason="维持")
    invoice = invoicing.accept_work(factories.checked(invoiced(contract, 10)), by=officer())
    assert invoice.penalty == 0
    penalty = deducting.confirm(penalty, by=officer("minzheng2"), reason="没有记录")
    assert penalty.status == "confirmed"


def test_what_does_not_fit_on_an_invoice_waits_for_the_next():
    contract = agreed(hold_back=0)
    member = factories.member_of(contract.provider)
    for cases in (2, 1):
        deducting.accept(fined(contract, cases), by=member)
    first = invoicing.accept_work(factories.checked(invoiced(contract, 3)), by=officer())
    assert (first.amount, first.penalty, first.payable) == (120, 100, 20)
    second = invoicing.accept_work(factories.checked(invoiced(contract, 10)), by=officer())
    assert (second.penalty, second.payable) == (50, 350)


def test_penalties_come_to_a_tenth_of_the_contract_at_most_and_follow_its_own_rules():
    contract = agreed()
    fined(contract, 8)
    with pytest.raises(Invalid, match=r"不能超过合同金额的 10%（400\.00 元）"):
        fined(contract, 1)
    with pytest.raises(Invalid, match="没有约定这一项"):
        deducting.impose(by=officer(), contract=contract, title="态度不好", cases=1, why="x")
    waived = deducting.waive(contract.penalty_set.get(), by=officer(), reason="查实无责")
    assert waived.status == "waived"
    assert fined(contract, 1).amount == 50
