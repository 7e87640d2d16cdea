"""What the film of a city does again and again: pictures, sheets, people who join and set up their second factor."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from foundation import moments
from organizations.factors import totp
from organizations.invitations import codes
from organizations.invitations.models import Invitation

PASSWORD = "yi-ju-chang-mima-7"
PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures" / "city"
WIDTHS = (1440, 390)

#: The recovery codes of each user name, as they were printed.
ON_PAPER: dict[str, list[str]] = {}


class Film:
    """The pictures of one page after another."""

    def __init__(self) -> None:
        self.number = 0

    def keep(self, page: Any, name: str) -> None:
        """The page at both widths, if pictures are wanted; it never scrolls sideways."""
        self.number += 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            if os.environ.get("PICTURES"):
                PICTURES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=PICTURES / f"{self.number:02d}-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def taken_over(page: Any, site: str, client: Client) -> Any:
    """The browser goes on in the session of a client, from its workbench."""
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    page.context.add_cookies([cookie])
    page.goto("/workbench/")
    return page


def uploaded(page: Any, address: str, content: bytes, kind: str = "") -> None:
    """A sheet is uploaded at an address, shown, and confirmed."""
    page.goto(address)
    if kind:
        page.select_option("[name=kind]", kind)
    page.set_input_files("[name=file]", {"name": "list.xlsx", "mimeType": "", "buffer": content})
    page.click("form.card-sheet button.primary, .form-sheet button.primary")
    page.wait_for_load_state()
    assert "/new/" not in page.url, page.locator("main").inner_text()


def joined(site: str, invitation: Invitation, username: str) -> Client:
    """Whoever holds a letter joins; the session."""
    client = Client()
    address = codes.link_of(invitation).removeprefix(settings.PUBLIC_ADDRESS)
    given = {"username": username, "password": PASSWORD, "again": PASSWORD}
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.content.decode()
    return proved(client, username)


def code_now(typed_key: str) -> str:
    """The six digits that an app shows now for the key that was typed into it."""
    secret = base64.b32decode("".join(typed_key.split()))
    return totp.code_of(secret, totp.step_of(moments.now()))


def proved(client: Client, username: str) -> Client:
    """The session of somebody who has set up an authenticator, and put the codes away."""
    form = client.get("/account/security/app/").context
    given = {"name": "手机", "offer": form["form"]["offer"].value(), "code": code_now(form["typed_key"])}
    answer = client.post("/account/security/app/", given)
    assert answer.status_code == 200, answer
    ON_PAPER[username] = list(answer.context["codes"])
    return client


def proves(page: Any, username: str, film: Film | None = None) -> None:
    """Somebody who was sent to set up a second factor does so, and goes on to what he wanted."""
    page.wait_for_url("**/account/security/")
    if film:
        film.keep(page, "a-second-factor-first")
    page.get_by_role("link", name="添加验证器").click()
    page.get_by_text("扫不了").click()
    page.fill("[name=code]", code_now(page.locator(".typed-key").inner_text()))
    if film:
        film.keep(page, "authenticator")
    page.locator("main form button.primary").click()
    page.get_by_role("heading", name="备用码").wait_for()
    if film:
        film.keep(page, "recovery-codes")
    ON_PAPER[username] = page.locator(".recovery-codes code").all_inner_texts()
    page.get_by_role("link", name="已放好").click()


def api_of(username: str) -> APIClient:
    client = APIClient()
    given = {"username": username, "password": PASSWORD, "code": ON_PAPER[username].pop()}
    answer = client.post("/api/v1/sign-in", given, format="json")
    assert answer.status_code == 200, answer.content
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    return client


class Work:
    """What people do by the API, each in a session of their own."""

    def __init__(self) -> None:
        self.clients: dict[str, APIClient] = {}

    def do(
        self, who: str, path: str, body: Any = None, *, form: str = "json", seat: int | None = None
    ) -> Any:
        """Do something; ``seat`` is the membership in which it is done, where there are several."""
        client = self.clients.setdefault(who, api_of(who))
        headers = {"X-Membership": str(seat)} if seat else {}
        answer = client.post(f"/api/v1/{path}", body or {}, format=form, headers=headers)
        assert answer.status_code in (200, 201, 202), answer.content.decode()
        return answer.json()

    def get(self, who: str, path: str) -> Any:
        answer = self.clients.setdefault(who, api_of(who)).get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()
