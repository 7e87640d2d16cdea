"""Personal values: encrypted where they lie, masked where they show, read for a reason."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from foundation.checks import what_the_journal_leaves_out_is_there
from foundation.drafts import keeping
from foundation.drafts.models import FormDraft
from foundation.journal.models import Entry
from foundation.personal_data import keys, masking
from foundation.personal_data.fields import Secret
from foundation.personal_data.revealing import reveal
from foundation.refusals import Invalid, NotYours
from households.register import registration
from households.register.models import Household, Person
from referrals.complaints import complaining
from referrals.complaints.models import Complaint
from referrals.matters.models import Matter
from referrals.offers.models import Referral
from referrals.service.models import Visit
from tests import factories


def stored(model, pk: int, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_the_database_holds_no_readable_personal_value():
    number = factories.new_id_number()
    matter = factories.AcceptedMatter(id_number=number)
    person = matter.household.members.get().person
    for model, pk, column, plain in (
        (Person, person.pk, "name", "王小明"),
        (Person, person.pk, "id_number", number),
        (Household, matter.household_id, "phone", "13800000000"),
        (Household, matter.household_id, "address", "示例路 1 号"),
        (Matter, matter.pk, "story", "老伴卧床"),
    ):
        assert plain.encode() not in stored(model, pk, column)


def test_no_table_of_the_whole_database_holds_a_household_name_in_the_clear():
    matter = factories.AcceptedMatter(name="欧阳测试独一")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
            "AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%欧阳测试独一%"])
            assert cursor.fetchone() == (0,), table
    assert matter.household.members.get().person.name.plain() == "欧阳测试独一"


def test_the_same_value_is_never_stored_the_same_twice():
    one, two = (Person.objects.create(name="王小明") for _ in range(2))
    assert stored(Person, one.pk, "name") != stored(Person, two.pk, "name")


def test_a_value_moved_to_another_column_cannot_be_read():
    person = Person.objects.create(name="王小明")
    sealed = stored(Person, person.pk, "name")
    assert keys.decrypt(sealed, "households_person.name").decode() == "王小明"
    with pytest.raises(ValueError, match="cannot be read"):
        keys.decrypt(sealed, "households_household.phone")


def test_a_value_that_was_changed_cannot_be_read():
    sealed = bytearray(keys.encrypt(b"x", "a.b"))
    sealed[-1] ^= 1
    with pytest.raises(ValueError, match="cannot be read"):
        keys.decrypt(bytes(sealed), "a.b")


def test_a_person_is_found_by_identity_number_without_decrypting(django_assert_num_queries):
    number = factories.new_id_number()
    factories.AcceptedMatter(id_number=number)
    with django_assert_num_queries(1):
        found = registration.person_by_number(number.lower())
    assert found is not None
    assert registration.person_by_number(factories.new_id_number()) is None


def test_the_hash_needs_the_key(settings):
    before = keys.keyed_hash("x")
    settings.LIANDONG_HASH_KEY = "another"
    assert keys.keyed_hash("x") != before


@pytest.mark.parametrize(
    "mask,plain,shown",
    [
        (masking.mask_name, "王小明", "王**"),
        (masking.mask_name, "王", "*"),
        (masking.mask_name, "", ""),
        (masking.mask_id_number, "360426199101010071", "360426************"),
        (masking.mask_phone, "13812345678", "138****5678"),
        (masking.mask_phone, "8620", "****"),
        (masking.mask_all, "示例路", "***"),
    ],
)
def test_masks_leave_only_what_helps_to_recognise(mask, plain, shown):
    assert mask(plain) == shown


def test_a_secret_is_masked_in_text_in_repr_and_in_a_template():
    person = Person.objects.create(name="王小明")
    person.refresh_from_db()
    assert str(person.name) == "王**"
    assert repr(person.name) == "<Secret 王**>"
    assert f"{person.name}" == "王**"


def test_a_template_cannot_unmask_a_secret():
    person = Person.objects.create(name="王小明")
    text = Template("{{ p.name }}|{{ p.name.plain }}").render(Context({"p": person}))
    assert text == "王**|"
    with pytest.raises(TemplateSyntaxError):
        Template("{{ p.name._plain }}")


def test_secrets_compare_by_value():
    one, two = Secret("name", "a.b", plain="x"), Secret("name", "a.b", plain="x")
    assert one == two
    assert hash(one) == hash(two)
    assert not Secret("name", "a.b")


def test_revealing_takes_a_reason_and_writes_it_down(who):
    matter = factories.AcceptedMatter()
    person = matter.household.members.get().person
    window = who("chuangkou")
    assert reveal(person, "name", by=window, reason="电话核对身份") == "王小明"
    entry = Entry.objects.get(lifecycle="households.Person", object_id=person.pk, move="reveal")
    assert (entry.reason, entry.after) == ("电话核对身份", {"field": "name"})
    assert entry.actor_name == window.name


@pytest.mark.parametrize("reason", ["", "   ", "看", "abc"])
def test_revealing_without_a_reason_is_refused_and_shows_nothing(who, reason):
    person = factories.AcceptedMatter().household.members.get().person
    with pytest.raises(Invalid) as refusal:
        reveal(person, "name", by=who("chuangkou"), reason=reason)
    assert "reason" in refusal.value.fields
    assert not Entry.objects.filter(lifecycle="households.Person", object_id=person.pk).exists()


def test_a_role_without_need_cannot_reveal(who):
    person = factories.AcceptedMatter().household.members.get().person
    for username in ("jigou", "caizheng", "pinggu", "bumen"):
        with pytest.raises(NotYours):
            reveal(person, "name", by=who(username), reason="我想看看是谁")


def test_only_personal_fields_can_be_revealed(who):
    person = factories.AcceptedMatter().household.members.get().person
    for field in ("sex", "pk", "id_number_hash", "nothing"):
        with pytest.raises(Invalid):
            reveal(person, field, by=who("chuangkou"), reason="核对身份证件")


def test_a_provider_sees_contact_data_only_after_acceptance_and_while_it_serves():
    offered = factories.OfferedReferral()
    coordinator = factories.member_of(offered.provider)
    assert not offered.contact_name
    with pytest.raises(NotYours):
        reveal(offered, "contact_name", by=coordinator, reason="想先联系家庭")
    accepted = factories.AcceptedReferral()
    own = factories.member_of(accepted.provider)
    assert reveal(accepted, "contact_phone", by=own, reason="首次联系家庭") == "13800000000"


@pytest.mark.tampers  # what it leaves is sealed with a key that goes with it
def test_keys_rotate_and_everything_is_readable_before_and_after(settings):
    referral = factories.ReferralInService()
    contact = stored(Referral, referral.pk, "contact_name")
    household = referral.need.matter.household
    complaint = complaining.file(by=factories.account_of(household), about="provider", text="来得太晚")
    complaining.answer(complaint, by=factories.window_of(household.town), reply="已与机构核对")
    old = settings.LIANDONG_DATA_KEYS
    fresh = base64.b64encode(os.urandom(32)).decode()
    settings.LIANDONG_DATA_KEYS = f"7:{fresh},{old}"
    referral.refresh_from_db()
    assert referral.contact_name.plain() == "王小明"
    call_command("rotate_keys", stdout=StringIO())
    now = stored(Referral, referral.pk, "contact_name")
    assert (contact[0], now[0]) == (int(old.split(":")[0]), 7)
    settings.LIANDONG_DATA_KEYS = f"7:{fresh}"  # the old key is gone
    referral = Referral.objects.get(pk=referral.pk)
    assert referral.contact_name.plain() == "王小明"
    assert referral.need.matter.story == "老伴卧床"
    assert referral.visits.get().note.plain() == "平稳"
    assert Complaint.objects.get(pk=complaint.pk).reply == "已与机构核对"  # of a table that is append-only


def first_byte(model, pk: int, column: str) -> int:
    return stored(model, pk, column)[0]


@pytest.mark.tampers  # what it leaves is sealed with a key that goes with it
def test_an_object_that_was_read_before_a_rotation_brings_no_older_key_back(settings):
    referral = factories.ReferralInService()
    visit = referral.visits.get()
    visit.signature = keys.encrypt(b"image", "referrals_visit.signature")
    visit.save()
    person = Person.objects.get(pk=referral.need.matter.household.head.person_id)
    read_before = Visit.objects.get(pk=visit.pk)
    fresh = base64.b64encode(os.urandom(32)).decode()
    settings.LIANDONG_DATA_KEYS = f"7:{fresh},{settings.LIANDONG_DATA_KEYS}"
    call_command("rotate_keys", stdout=StringIO())
    person.save()
    read_before.save()
    assert first_byte(Person, person.pk, "name") == first_byte(Person, person.pk, "id_number") == 7
    assert first_byte(Visit, visit.pk, "note") == first_byte(Visit, visit.pk, "signature") == 7
    settings.LIANDONG_DATA_KEYS = f"7:{fresh}"
    assert Visit.objects.get(pk=visit.pk).signed() == b"image"


def test_what_is_kept_of_an_action_that_may_be_repeated_needs_a_key_to_be_tried(settings, who):
    household = factories.AcceptedMatter().household
    given = {"category": household.category, "size": household.size, "phone": "13900002222"}
    registration.update(household, by=who("chuangkou"), **given)
    registration.update(household, by=who("chuangkou"), **{**given, "phone": "13900003333"}, key="k1")
    without, with_key = Entry.objects.filter(object_id=household.pk, move="update").order_by("pk")
    assert without.digest == ""
    text = json.dumps([[], {**given, "phone": "13900003333", "reason": ""}], sort_keys=True)
    assert with_key.digest == keys.fingerprint(text, "journal")
    assert with_key.digest != hashlib.sha256(text.encode()).hexdigest()
    assert keys.fingerprint(text, "another") != with_key.digest
    settings.LIANDONG_HASH_KEY = "another key of the city"
    assert keys.fingerprint(text, "journal") != with_key.digest


def test_a_key_of_the_wrong_length_is_refused(settings):
    settings.LIANDONG_DATA_KEYS = "1:" + base64.b64encode(b"short").decode()
    with pytest.raises(Exception, match="32 bytes"):
        keys.encrypt(b"x", "a.b")


def test_a_half_typed_form_is_kept_encrypted_and_for_its_person_only(who):
    window, other = who("chuangkou"), who("chuangkou2")
    typed = {"name": ["王小明"], "csrfmiddlewaretoken": ["t"]}
    keeping.save(window.user_id, "k", "/matters/new/", typed)
    saved = FormDraft.objects.get(key="k")
    assert "王小明".encode() not in stored(FormDraft, saved.pk, "content")
    assert keeping.restore(window.user_id, "k", "/matters/new/").typed == {"name": ["王小明"]}
    assert keeping.restore(other.user_id, "k", "/matters/new/") is None
    keeping.spend(window.user_id, "k", "/matters/new/")
    assert keeping.restore(window.user_id, "k", "/matters/new/") is None


def shown(text: str) -> int:
    return sum(each != "*" for each in text)


@given(st.text("0123456789", min_size=1, max_size=30))
def test_a_masked_phone_hides_four_digits_or_all(number):
    masked = masking.mask_phone(number)
    assert masked.count("*") >= min(4, len(number))
    if not re.fullmatch(r"1\d{10}", number):
        assert shown(masked) <= len(number) / 2


@pytest.mark.parametrize(
    "number,mask",
    [
        ("8612345", "****345"),
        ("86861234", "****1234"),
        ("051086861234", "0510******34"),
        ("05108612345", "0510******5"),
        ("01062345678", "010******78"),
        ("4008100000", "******0000"),
        ("86861234-801", "****1234-***"),
        ("051086861234-8", "0510******34-***"),
        ("13800000000", "138****0000"),
        ("1380000", "****000"),
    ],
)
def test_a_fixed_number_is_not_read_through_its_mask(number, mask):
    assert masking.mask_phone(number) == mask


@given(st.text("0123456789", min_size=7, max_size=13), st.text("0123456789", min_size=1, max_size=6))
def test_an_extension_is_hidden(number, extension):
    assert masking.mask_phone(f"{number}-{extension}") == f"{masking.mask_phone(number)}-***"


@given(st.text("王李明欧阳\U0002d0ad\u00b7aB", min_size=1, max_size=30))
def test_a_masked_name_shows_one_character_of_several_and_none_of_one(name):
    masked = masking.mask_name(name)
    assert len(masked) == len(name)
    assert shown(masked) <= (1 if len(name) > 1 else 0)


@pytest.mark.parametrize("kind", sorted(masking.MASKS))
def test_no_mask_shows_a_value_whole_however_short_it_is(kind):
    for length in range(1, 31):
        value = "789456123"[:length] if length < 10 else ("78945612309876543210" * 2)[:length]
        masked = masking.MASKS[kind](value)
        assert value not in masked
        if kind in ("phone", "address", "note"):
            assert shown(masked) <= length / 2 or re.fullmatch(r"1\d{10}", value)


@given(st.text("0123456789 ABCxyz\u200b\u3000", min_size=1))
def test_equal_values_are_found_however_they_were_typed(text):
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)
    assert keys.keyed_hash(wide) == keys.keyed_hash(text) == keys.keyed_hash(text.lower())


@pytest.mark.parametrize("kept", ({"confided": ("chioce_reason",)}, {"unjournaled": ("chioce",)}))
def test_what_is_kept_from_readers_or_the_journal_is_there(monkeypatch, kept):
    assert what_the_journal_leaves_out_is_there(None) == []
    ((name, wrong),) = kept.items()
    monkeypatch.setattr(Referral, name, wrong)
    (fault,) = what_the_journal_leaves_out_is_there(None)
    assert (fault.id, str(fault.msg)) == ("disclosing.E002", f"referrals.Referral has no '{wrong[0]}'")
