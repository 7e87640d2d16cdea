"""The page of an object shows what belongs to it page by page: no view and no template walks all of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.packages import ROOT, sources

#: Parts that a page shows whole, as its view or template asks for them, and why they stay short.
WHOLE_PARTS = {
    "person.connections": "the city has one single sign-on",
    "person.invitations": "the links that one person was sent, a few a year",
    "amendment.signatures": "two sides",
    "assessment.cases": "the sample, as large as the round says",
    "assessment.sheets": "the evaluators of one assessment",
    "bid.lines": "the items of one purchase",
    "contract.earmarks": "a line of a budget a year",
    "contract.lines": "the items of one contract",
    "contract.renewals": "one at a time",
    "contract.signatures": "two sides",
    "edition.headings": "one edition, read as a whole",
    "edition.imports": "one unfinished at a time",
    "edition.items": "one edition, read as a whole",
    "found.corrections": "corrections of one edition",
    "found.headings": "one edition, read as a whole",
    "found.items": "one edition, read as a whole",
    "found.names": "the names of one organization",
    "found.responsibilities": "the responsibilities of one body",
    "found.referrals": "the candidates asked at once, as many as the rule says",
    "found.terms": "the terms of one edition",
    "household.consents": "the purposes, of which one is asked for",
    "household.joinings": "one open question a person",
    "household.members": "the people of one household; who has left comes in pages",
    "household.relocations": "one open relocation",
    "invoice.claw_backs": "claims of one invoice",
    "invoice.penalties": "penalties taken off one invoice",
    "invoice.samples": "the sample of one invoice, as large as the rule says",
    "meeting.bodies": "the bodies of the city",
    "member.person.homes": "the homes of one person",
    "need.satisfactions": "one rating a channel",
    "project.invited": "chosen one by one in a form",
    "project.items": "the items of one purchase",
    "project.keyholders": "the key holders on duty",
    "project.panelseats": "the panel, and who was replaced",
    "seat.project.bids": "the bids of one purchase, each of which is scored",
}

#: What narrows or joins rows, and so gives all that is left.
GIVES = {"all", "defer", "exclude", "filter", "on_duty", "order_by", "prefetch_related", "select_related"}
GIVES |= {"decided", "public", "published", "serving", "visible_to"}

#: What shows a page of the rows that it is given.
PAGED = {"in_order", "paginate", "show_list"}


def part_of(call: ast.Call) -> str:
    """The relation at the root of a chain of calls (``matter.needs``); "" for rows of a whole table."""
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    text = ast.unparse(node)
    plain = isinstance(node, ast.Attribute) and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", text)
    return text if plain and not text.endswith(".objects") and not text.startswith("self.") else ""


def walked(tree: ast.AST) -> Iterator[str]:
    """The relations whose rows a module takes whole."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def paged(node: ast.AST) -> bool:
        """Whether rows come by page, are cut, or are only asked about."""
        while isinstance(above.get(node), ast.IfExp):
            node = above[node]
        outer = above.get(node)
        if isinstance(outer, ast.Call) and node in outer.args:
            return ast.unparse(outer.func).rpartition(".")[2] in PAGED
        if isinstance(outer, ast.Assign) and isinstance(outer.targets[0], ast.Name):
            return all(paged(use) for use in uses(outer.targets[0].id, outer))
        return isinstance(outer, ast.Attribute | ast.Subscript)

    def uses(name: str, node: ast.AST) -> Iterator[ast.AST]:
        """Where a name is read in the function around a node."""
        while not isinstance(node, ast.FunctionDef | ast.Module):
            node = above[node]
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load):
                yield one

    for node in ast.walk(tree):
        gives = (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GIVES
        )
        if isinstance(node, ast.Call) and gives and part_of(node) and not paged(node):
            yield part_of(node)


def test_no_page_walks_all_parts_of_an_object():
    views = [path for path in sources() if path.name == "views.py" or "portal" in path.parts]
    assert len(views) > 30
    found = {part for path in views for part in walked(ast.parse(path.read_text()))}
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "documents" not in path.parts]
    loop = re.compile(r"{%\s*for [\w, ]+ in ([\w.]+)\.all\b")
    found |= {part for path in pages for part in loop.findall(path.read_text())}
    assert found == set(WHOLE_PARTS), "in_order or paginate, or a reason why they stay short"


def test_what_walks_is_found():
    found = set(
        walked(
            ast.parse("def show(matter):\n    few = matter.papers.all()[:3]\n    return matter.needs.all()")
        )
    )
    assert found == {"matter.needs"}
    paged = "def show(matter):\n    rows = matter.needs.filter(a=1)\n    return in_order(rows, request)"
    assert set(walked(ast.parse(paged))) == set()
