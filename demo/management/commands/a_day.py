"""Play a day at a window and at a provider in a browser, and take screenshots."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.urls import reverse

from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.management.commands.screenshots import browsing
from demo.starter.cases import id_number
from foundation.roles import PROVIDER_SIDE, Role
from organizations.people.models import Membership, User

#: 陆桂英, the household of the demo account.
KNOWN = id_number("1944-03-08", "F", 101)


class Command(BaseCommand):
    help = "Plays a day at a window and at a provider; pictures go to docs/pictures/day/."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if not User.objects.exists():
            call_command("load_starter", stdout=self.stdout)
        staff = _staff()
        connection.close()
        with browsing() as (browser, address):
            number, provider = _window(Day(browser, address, "window", "chuangkou", 1440))
            _provider(browser, address, number, *staff[provider])


class Day:
    """One person's browser, and numbered screenshots of its pages."""

    def __init__(self, browser: Any, address: str, folder: str, username: str, width: int) -> None:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        self.page, self.address, self.width = context.new_page(), address, width
        self.folder = Path(settings.BASE_DIR) / "docs" / "pictures" / "day"
        self.name, self.count = folder, 0
        self.folder.mkdir(parents=True, exist_ok=True)
        self.go(reverse("sign-in"))
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", DEMO_PASSWORD)
        self.press("登录")
        self.page.wait_for_url("**/workbench/")

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(f"{self.address}{path}")

    def press(self, words: str) -> None:
        """Press the submit button of the page's form."""
        self.page.locator("main").get_by_role("button", name=words).first.click()

    def picture(self) -> None:
        """Take a screenshot of the whole page."""
        self.count += 1
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self.width, "height": max(700, min(height, 1800))})
        self.page.screenshot(path=self.folder / f"{self.name}-{self.count}.png")
        self.page.set_viewport_size({"width": self.width, "height": 900})


def _staff() -> dict[str, tuple[str, str]]:
    """The user names of coordinator and social worker (else the coordinator again) by the provider's name."""
    found: dict[str, dict[str, str]] = {}
    held = Membership.objects.filter(role__in=PROVIDER_SIDE)
    for membership in held.select_related("user", "organization"):
        found.setdefault(str(membership.organization), {})[membership.role] = membership.user.username
    return {
        name: (roles[Role.COORDINATOR], roles.get(Role.SOCIAL_WORKER, roles[Role.COORDINATOR]))
        for name, roles in found.items()
        if Role.COORDINATOR in roles
    }


def _window(day: Day) -> tuple[str, str]:
    """From the application of a known household to the referral that is sent; its number and provider."""
    day.picture()
    day.go(reverse("matter-new-accept_application"))
    day.page.get_by_label("身份证号").press_sequentially(KNOWN)
    day.page.get_by_text("系统已有这户家庭").wait_for()
    day.page.get_by_label("社会融入与关爱探访").check()
    day.page.get_by_label("情况说明").fill("想有人常来说说话。")
    day.picture()
    day.press("受理申请")
    day.picture()
    day.page.get_by_role("link", name="选机构转介").first.click()
    day.picture()
    day.press("发出转介")
    day.page.get_by_text("转介已发出").wait_for()
    sent = day.page.locator("main a", has_text="ZJ-").last.inner_text()
    number, provider = sent.split(" · ")
    day.picture()
    day.go(reverse("missing-help"))
    day.picture()
    return number, provider


def _provider(browser: Any, address: str, number: str, coordinator: str, worker: str) -> None:
    """From the workbench of the provider's coordinator to the visit on a phone."""
    here = f"{reverse('referrals')}{number}/"
    day = Day(browser, address, "provider", coordinator, 1440)
    day.picture()
    day.go(f"{here}accept/")
    day.picture()
    day.press("接受转介")
    day.picture()
    day.go(reverse("offers"))
    day.picture()
    phone = Day(browser, address, "phone", worker, 390)
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("plan/", lambda: phone.page.get_by_label("服务计划").fill("每周三下午上门聊天一小时。")),
        ("record-visit/", lambda: phone.page.get_by_label("服务记录").fill("聊得很开心，状态好。")),
    )
    for path, fill in steps:
        phone.go(f"{here}{path}")
        fill()
        phone.picture()
        phone.page.locator("main form .inline-actions button").first.click()
        phone.page.wait_for_url(f"**{here}")
    phone.picture()
