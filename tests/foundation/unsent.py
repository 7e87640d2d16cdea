"""Forms that are opened, typed into and not sent, for tests."""

from __future__ import annotations

import re

from django.test import Client

from households.register.models import Category

INTAKE = "/matters/new/accept_application/"


NEWCOMER, CATEGORY = "320281197203096045", Category.MINIMUM_LIVING


def a_number(text: str) -> str:
    """A number that is valid in form, with its check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return text[:17] + "10X98765432"[sum(int(t) * w for t, w in zip(text, weights, strict=False)) % 11]


ANOTHER = a_number("32028119451201001")


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    mine = page[re.search(r'<form\s+method="post"\s+enctype', page).start() :]
    return re.search(rf'<input\s+type="hidden"\s+name="{name}"[^>]*?value="([^"]*)"', mine).group(1)


def opened(client: Client, path: str = INTAKE) -> dict[str, str]:
    """The hidden fields of a form as it is opened."""
    page = client.get(path).content.decode()
    return {"key": hidden(page, "key"), "owner": hidden(page, "owner")}


def typing(client: Client, form: dict[str, str], path: str = INTAKE, **values):
    return client.post(f"/drafts/?path={path}", {**form, **values})


def family(**values):
    return {
        "id_number": NEWCOMER,
        "about": NEWCOMER,
        "name": "李秀珍",
        "phone": "13812345678",
        "needs": ["living"],
        "story": "丈夫被抓，没有收入",
        "consent": "on",
        **values,
    }
