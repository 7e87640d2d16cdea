"""The text under version, both names under one hash, hold-back by grade, penalties, certificates."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from catalog.items.models import Item
from contracts.amendments import amending
from contracts.amendments.documents import AMENDMENT_TEXT
from contracts.contracts import quota, running, signing
from contracts.contracts.documents import CONTRACT_PDF, CONTRACT_TEXT
from contracts.contracts.models import Contract
from contracts.signatures.models import Signature
from contracts.templates import adopting, text
from contracts.templates.models import Template
from foundation import moments
from foundation.documents import making
from foundation.refusals import Exhausted, Invalid, NotYours, Refused
from tests import factories
from tests.contracts.terms import agreed, officer, second


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
        ("【甲方名称】", "【甲方】", "没有这些变量：甲方。缺少这些变量：甲方名称。"),
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
