"""The wording of messages is the city's own: filled, signed, and refused where it would not do."""

from __future__ import annotations

import pytest
from django.utils import translation

from foundation.messaging import codes, texts
from foundation.messaging.models import Message
from foundation.rules import changing, effects, fields, placeholders, reading
from tests import factories
from tests.foundation.test_rules_by_field import PROPOSE, parts_of

WORDED = [key for key in sorted(reading.defaults()) if key.startswith("messages.") and key != texts.SIGNATURE]
PARTS = [
    pytest.param(key, part, id=f"{key}.{part}") for key in WORDED for part in reading.default(key).fields
]


def test_a_text_goes_out_in_the_citys_words_behind_its_signature():
    factories.rule("messages.signature", signature="某某民政")
    factories.rule("messages.codes", code="您的验证码：{验证码}")
    code = codes.send("13800000000", "apply")
    assert Message.objects.latest("pk").text == f"【某某民政】您的验证码：{code}"


def test_what_was_sent_before_stays_as_it_was_sent():
    codes.send("13800000000", "apply")
    before = Message.objects.latest("pk")
    factories.rule("messages.codes", code="您的验证码：{验证码}")
    assert Message.objects.get(pk=before.pk).text.startswith("【社会救助】验证码 ")


def test_whoever_acts_in_english_sends_chinese():
    with translation.override("en"):
        codes.send("13800000000", "apply")
    assert "分钟内有效" in Message.objects.latest("pk").text


def test_a_case_sends_the_words_of_the_rule():
    value = reading.current("messages.referrals").value
    factories.rule("messages.referrals", **{**value, "first_code": "{机构}上门，码 {确认码}"})
    referral = factories.ReferralInService()
    told = [message.text for message in Message.objects.filter(about="visit-code").order_by("pk")]
    assert told[0].startswith(f"【社会救助】{referral.provider}上门，码 ")


@pytest.mark.parametrize("key,part", PARTS)
def test_every_text_is_filled_by_its_placeholders_alone(key, part):
    field = reading.default(key).fields[part]
    filled = texts.worded(key, part, **{name: one.example for name, one in field.places.items()})
    assert filled.startswith("【社会救助】")
    assert "{" not in filled
    assert "%" not in filled


# --- what is refused --------------------------------------------------------------------


WRONG = [
    ("验证码 123456，请输入。", "缺少{验证码}"),
    ("验证码 {验证码}，{名字}。", "不认识“{名字}”"),
    ("验证码 {验证码，10 分钟。", "成对"),
    ("{验证码}" + "长" * 300, "1 至 300"),
    ("", ""),
    ("【某市】验证码 {验证码}", "签名"),
]


@pytest.mark.parametrize("text,said", WRONG)
def test_a_wrong_text_is_told_at_its_field_and_stays_typed(client_of, text, said):
    answer = client_of("minzheng").post(PROPOSE, parts_of("messages.codes", code=text))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert said in str(errors.get("value.code", ""))
    assert answer.context["form"]["value.code"].value() == text


def test_braces_of_an_input_method_are_read_as_braces(client_of):
    sent = parts_of("messages.codes", code="验证码\uff5b验证码\uff5d")
    assert client_of("minzheng").post(PROPOSE, sent).status_code == 302


def test_the_api_refuses_a_wrong_text_at_its_part(api_of):
    sent = {"rule": "messages.codes", "value": {"code": "没有码"}, "note": "试行"}
    answer = api_of("minzheng").post("/api/v1/rules/propose", sent, format="json")
    assert answer.status_code == 400
    assert "value.code" in answer.content.decode()


def test_a_signature_with_brackets_is_refused(client_of):
    answer = client_of("minzheng").post(PROPOSE, parts_of("messages.signature", signature="【救助】"))
    assert answer.status_code == 422
    assert "value.signature" in answer.context["form"].errors


# --- what the page shows ----------------------------------------------------------------


@pytest.mark.parametrize("length,parts", [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_text_of_more_than_70_characters_takes_one_for_each_67(length, parts):
    assert texts.parts_of("字" * length) == parts


def test_a_character_outside_the_plane_counts_twice():
    assert texts.parts_of("字" * 69 + "\U0002000b") == 2


def test_the_preview_shows_the_text_filled_with_an_invented_example_and_how_long_it_is(client_of):
    sent = {**parts_of("messages.codes", code="码 {验证码}"), "search": "value"}
    page = client_of("minzheng").post(PROPOSE, sent).content.decode()
    assert "【社会救助】码 482915" in page
    assert "14 个字，1 条短信" in page
    assert "{验证码}" in page


def test_the_signature_is_shown_before_a_text():
    found = effects.effect_of(reading.current("messages.signature"), {"signature": "某某民政"})
    assert found.previews[0].text.startswith("【某某民政】验证码 482915")


def test_the_help_names_the_placeholders_and_in_english_what_they_are(client_of):
    page = client_of("minzheng").get(PROPOSE, {"rule": "messages.codes"}).content.decode()
    assert "发出时填入：{验证码}、{分钟}" in page
    places = reading.current("messages.codes").fields["code"].places
    with translation.override("en"):
        assert placeholders.said(places) == "{验证码} the code, {分钟} minutes for which it is valid"


def test_whoever_approves_sees_the_text_filled(client_of, api_of, who):
    version = changing.propose(
        by=who("minzheng"), rule="messages.codes", value={"code": "码 {验证码}"}, note="短些"
    )
    page = client_of("minzheng2").get(version.get_absolute_url()).content.decode()
    assert "【社会救助】码 482915" in page
    told = api_of("minzheng2").get(f"/api/v1/rules/{version.pk}/effect").json()
    assert told["previews"][0]["text"] == "【社会救助】码 482915"
    assert [change["after"] for change in told["changes"]] == ["码 {验证码}"]
    assert api_of("chuangkou").get(f"/api/v1/rules/{version.pk}/effect").status_code == 403


def test_the_defaults_and_their_examples_need_no_more_than_three_texts():
    for key in WORDED:
        rule = reading.default(key)
        for path, text in fields.leaves(rule.value).items():
            shown = "【社会救助】" + placeholders.example(text, rule.fields[path].places)
            assert texts.parts_of(shown) <= 3, (key, path)
