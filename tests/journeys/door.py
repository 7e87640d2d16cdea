"""A visit written at the door, and what the browser keeps of it."""

from __future__ import annotations

from organizations.people.models import User
from referrals.offers.models import Referral

NOTE, PRIVATE = "楼道里写的：王阿姨情绪低落", "只给自己看的一句"


LISTED = "#waiting [data-list] li"


def known_by(user: User) -> str:
    """The user name of somebody who may now sign in with the demo's password."""
    user.set_password("liandong-2026")
    user.save()
    return user.username


def at_the_door(page, referral):
    page.goto(f"{referral.get_absolute_url()}record-visit/")
    return page


def write(page, units: int = 1):
    page.fill("[name=note]", NOTE)
    page.fill("[name=units]", str(units))
    if not page.locator("[name=private_note]").is_visible():
        page.get_by_text("时间、地点和其他记录").click()
    page.fill("[name=private_note]", PRIVATE)
    page.get_by_role("button", name="记录服务", exact=True).click()


def visits(referral: Referral) -> list[str]:
    return [visit.note.plain() for visit in referral.visits.order_by("pk")]


def new_visits(referral: Referral) -> int:
    return visits(referral).count(NOTE)


def stored(page) -> str:
    """Everything that the browser keeps of this site, as one text; but for the address of the
    open page, which htmx notes for the tab as the browser's own history does.
    """
    return page.evaluate(
        """async () => {
          sessionStorage.removeItem("htmx-current-path-for-history");
          const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
          for (const { name } of await indexedDB.databases()) found.push(name);
          for (const name of await caches.keys()) found.push(name);
          return found.join(" ");
        }"""
    )


def end_sign_in(page):
    page.context.clear_cookies(name="sessionid")


def sign_in(page, username: str):
    page.goto("/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", "liandong-2026")
    page.click("main form button")
    page.wait_for_url("**/workbench/")


def nothing_waits(page):
    page.wait_for_function("() => localStorage.length === 0")
