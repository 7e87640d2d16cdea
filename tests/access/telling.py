"""What tests of telling ask with: texts that stand nowhere else, a reason, a letter."""

from __future__ import annotations

import json

WHY = "核对救助对象身份"


MARKS = ("竹影甲文", "竹影乙文", "竹影丙文", "竹影丁文", "竹影戊文", "竹影己文", "竹影庚文")


STORY, PLAN, GOAL, WORDS, NOTE, RESULT, REFUSED = MARKS


def ask(client, path: str, reason: str = WHY):
    return client.post(path, json.dumps({"reason": reason}), content_type="application/json")


def made(client, kind: str, obj, **body):
    return client.post(
        f"/api/v1/documents/{kind}/{obj._meta.label}/{obj.pk}",
        json.dumps(body),
        content_type="application/json",
    )


PLAIN_MARKS = ("松影甲文", "松影乙文", "松影丙文", "松影丁文", "松影戊文", "松影己文", "松影庚文", "松影辛文")


PAPERS, AGAIN, EXPLAINED, WHY_ONE, GIVEN, GIVER, WRONG, MOVED = PLAIN_MARKS
