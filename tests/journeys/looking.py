"""What a page in the browser shows: whether it fits, whether everybody can use it."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

#: Elements that reach beyond the right edge of the window, and by how much.
STICKS_OUT = """() => [...document.querySelectorAll('main *, header *, nav *')]
    .filter(e => e.getClientRects().length && !e.closest('.table-sheet, .public-nav, details:not([open])'))
    .map(e => [e.tagName, e.className && e.className.toString(), e.getBoundingClientRect().right - innerWidth])
    .filter(([, , beyond]) => beyond > 1).slice(0, 5)"""

#: Controls that a thumb would miss.
TOO_SMALL = """() => [...document.querySelectorAll('main a.button, main button, nav a, header .toolbar-button')]
    .filter(e => e.getClientRects().length && !e.closest('details.explanation'))
    .map(e => [e.innerText.trim(), e.getBoundingClientRect().height])
    .filter(([, height]) => height < 40).slice(0, 5)"""

#: The faults that axe finds; what it finds in order stays in the browser, it is ten times as much.
FAULTS = """options => axe.run({resultTypes: ['violations'], ...options})
    .then(found => found.violations.map(({id, nodes}) => [id, nodes.map(node => node.html.slice(0, 160))]))"""

SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth + 1"
RAW_WORDS = re.compile(r"\bNone\b|\{\{|\{%|%\(\w+\)s|---------")
DESK, PHONE = 1440, 390


def brings_axe(page: Any) -> Any:
    """The page, with axe in whatever it opens from now on: half a megabyte is sent once, not for each."""
    page.add_init_script(AXE_SCRIPT)
    return page


def faults(page: Any, **options: Any) -> list[tuple[str, list[str]]]:
    """(rule, elements) of every rule of accessibility that the page breaks."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FAULTS, options)


def flaws(page: Any, width: int) -> list[str]:
    """What is wrong in a window of that width, in pixels: parts that stick out, raw words of templates,
    and on a phone what a thumb would miss.

    The page is not asked for again: what the server sends is the same for all windows.
    """
    page.set_viewport_size({"width": width, "height": 900})
    found = [f"sticks out: {element}" for element in page.evaluate(STICKS_OUT)]
    found += [f"raw words: {words}" for words in RAW_WORDS.findall(page.locator("main").inner_text())]
    if width == PHONE:
        found += [f"too small: {element}" for element in page.evaluate(TOO_SMALL)]
    if page.evaluate(SCROLLS_SIDEWAYS):
        found.append("scrolls sideways")
    return [f"{width} {words}" for words in found]


def press(page, words: str) -> None:
    """Press a button or a link of the page's content by its words."""
    page.locator("main").get_by_role("button", name=words, exact=True).or_(
        page.locator("main").get_by_role("link", name=words, exact=True)
    ).first.click()
    page.wait_for_load_state()
