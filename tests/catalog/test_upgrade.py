"""A city that runs the first version keeps its catalog when it takes this one."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from catalog.models import Edition, Item, Offer

#: The catalog as the first version had it: a superseded edition and the one in force.
BEFORE = """
INSERT INTO organizations_organization
    (id, kind, code, name, name_en, phone, address, may_buy, may_supply)
VALUES (1, 'body', 'minzheng', '江阴市民政局', '', '', '', true, false),
       (2, 'provider', 'p', '社工中心', '', '', '', false, true);
INSERT INTO organizations_provider
    (id, created_at, organization_id, nature, standing_reason, last_grade, match_bonus, status)
VALUES (1, now(), 2, 'charity', '', '', 0, 'accredited');
INSERT INTO catalog_edition
    (id, created_at, title, document_number, index_number, published_on, in_force_from,
     in_force_to, note, status)
VALUES (1, now(), '旧版', '一号', 'i/1', '2024-12-20', '2025-01-01', '2025-12-31', '', 'superseded'),
       (2, now(), '新版', '二号', 'i/2', '2025-12-20', '2026-01-01', NULL, '', 'in_force'),
       (3, now(), '草稿', '', '', NULL, NULL, NULL, '', 'draft');
INSERT INTO catalog_item
    (edition_id, code, name, name_en, kind, funding, need_kind, audience_text, audience_en, unit,
     unit_en, price_low, price_high, price_ceiling, standard, standard_en, body_id)
SELECT e, 'B01.01', '居家照料', '', 'direct', 'purchased', 'care', '老人', '', '小时', '', 35, 60, 72,
       '受训护理员上门|扫码', 'trained', 1 FROM generate_series(1, 3) e;
INSERT INTO catalog_offer
    (created_at, item_id, provider_id, places, taken, places_at, price, staff, status)
SELECT now(), id, 1, 5, 1, now(), 40, '持证', 'accepted' FROM catalog_item WHERE edition_id = 2;
"""


def test_the_catalog_of_the_first_version_is_law_after_the_upgrade(empty_database):
    for app, name in (("catalog", "0002"), ("foundation", "0001"), ("organizations", "0001")):
        call_command("migrate", app, name, verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(BEFORE)
    call_command("migrate", verbosity=0)
    old, law, draft = Edition.objects.order_by("id")
    assert (law.issuer.name, law.dated_on, law.validity) == ("江阴市民政局", law.published_on, "有效")
    assert f"{old.terms.get()} {law.terms.get()}" == "2025-01-01–2026-01-01 2026-01-01–"
    item = law.items.get()
    assert item.standards[0]["text"] == "受训护理员上门 扫码"
    assert item.methods
    assert [each.code for each in law.headings.all()] == ["B", "B01"]
    assert Item.objects.answering("照料").filter(edition=law).exists()
    assert Offer.objects.get().weekly == 10
    with pytest.raises(DatabaseError, match="published edition"), transaction.atomic():
        law.items.update(name="x")
    assert draft.items.update(name="x") == 1
