"""States that share their phase with the one that was alone in it are added to a copy, which is right for them."""

from __future__ import annotations

import sys

import pytest

from tests.house.how_to import applied
from tests.house.test_how_to_a_new_state import copied, run

pytestmark = pytest.mark.slow


def transition(name: str, arrow: str, party: str, more: str = "") -> str:
    """A transition to the new state, as lines to be added."""
    return f"""\
+        Transition(
+            "{name}",
+            {arrow},
+            ({party},),
+            _("{name}"),
+            _("%(who)s {name}"),
+            basis="S28",
+            primary=False,
+            exactly=True,{more}
+        ),
"""


def above(line: str, added: str) -> str:
    """A difference that puts lines above the transition of a name."""
    return f"{added}         Transition(\n             {line}\n"


#: The differences that add states and transitions, by their file.
CHANGES = (
    (
        "organizations/providers/states.py",
        """\
     ACCREDITED = State(_("已准入"), SERVING, tone="done")
+    OBSERVED = State(_("观察期"), SERVING, tone="soon")
""",
    ),
    (
        "organizations/providers/states.py",
        above('"suspend",', transition("observe", "S.ACCREDITED >> S.OBSERVED", "civil_affairs")),
    ),
    (
        "contracts/contracts/states.py",
        """\
     IN_FORCE = State(_("履行中"), SERVING, tone="done")
+    ON_HOLD = State(_("暂缓"), SERVING, tone="soon")
""",
    ),
    (
        "contracts/contracts/states.py",
        above('"suspend",', transition("hold", "C.IN_FORCE >> C.ON_HOLD", "buyer")),
    ),
    (
        "procurement/bids/states.py",
        """\
     SEALED = State(_("已密封"), UNOPENED)
+    RECEIPTED = State(_("已回执"), UNOPENED)
""",
    ),
    (
        "procurement/bids/states.py",
        """\
     AWARDED = State(_("成交"), ENDED, tone="done", traits=(ELIGIBLE, CANDIDATE))
+    RESERVED = State(_("附条件成交"), ENDED, tone="soon", traits=(ELIGIBLE, CANDIDATE))
""",
    ),
    (
        "procurement/bids/states.py",
        above(
            '"qualify",',
            transition("receipt", "B.SEALED >> B.RECEIPTED", "bidder")
            + transition("reserve", "B.AWARDED >> B.RESERVED", "buyer"),
        ),
    ),
    (
        "catalog/editions/states.py",
        """\
     IN_FORCE = State(_("施行"), SERVING, tone="done", traits=(BINDING,))
+    PARTLY = State(_("部分施行"), SERVING, tone="soon", traits=(BINDING,))
""",
    ),
    (
        "catalog/editions/states.py",
        above('"supersede",', transition("limit", "E.IN_FORCE >> E.PARTLY", "civil_affairs")),
    ),
    (
        "catalog/editions/states.py",
        """\
     WITHDRAWN = State(_("已撤回"), LAID_DOWN, tone="late", traits=(SAYS_WHY,))
+    HALTED = State(_("停止施行"), LAID_DOWN, tone="late", traits=(BINDING, SAYS_WHY))
""",
    ),
    (
        "catalog/editions/states.py",
        above('"supersede",', transition("halt", "E.IN_FORCE >> E.HALTED", "civil_affairs", "reason=True,")),
    ),
    (
        "procurement/objections/states.py",
        """\
     RAISED = State(_("待答复"), ASKED, tone="soon")
+    INQUIRY = State(_("调查中"), ASKED, tone="soon")
""",
    ),
    (
        "procurement/objections/states.py",
        above('"dismiss",', transition("inquire", "J.RAISED >> J.INQUIRY", "buyer")),
    ),
    (
        "procurement/objections/states.py",
        """\
             "dismiss",
-            J.RAISED >> J.DISMISSED,
+            AnyOf(J.RAISED, J.INQUIRY) >> J.DISMISSED,
""",
    ),
    (
        "procurement/objections/states.py",
        """\
-from foundation.lifecycle.states import STAYS, State, States
+from foundation.lifecycle.states import STAYS, AnyOf, State, States
""",
    ),
    (
        "procurement/objections/states.py",
        """\
-    clocks={J.RAISED: "procurement.objection_answer", J.COMPLAINED: "procurement.complaint"},
+    clocks={
+        J.RAISED: "procurement.objection_answer",
+        J.INQUIRY: "procurement.objection_answer",
+        J.COMPLAINED: "procurement.complaint",
+    },
""",
    ),
    (
        "referrals/needs/states.py",
        """\
     CONFERENCE = State(_("提交联席会议"), ASKED, tone="soon", traits=(FOR_THE_CONFERENCE,))
+    POSTPONED = State(_("待下次会议"), ASKED, tone="soon", traits=(FOR_THE_CONFERENCE,))
""",
    ),
    (
        "referrals/needs/states.py",
        above('"take_up",', transition("postpone", "N.CONFERENCE >> N.POSTPONED", "secretary")),
    ),
    (
        "referrals/matters/states.py",
        """\
     REPORTED = State(_("已报告，待受理"), ASKED, tone="soon", traits=(TO_BE_CALLED,))
+    VISITING = State(_("入户核实中"), ASKED, tone="soon", traits=(TO_BE_CALLED,))
""",
    ),
    (
        "referrals/matters/states.py",
        above('"accept",', transition("visit", "M.REPORTED >> M.VISITING", "window")),
    ),
)
#: The actions that come at the end of a file.
ACTIONS = (
    ("organizations/providers/standing.py", 'observe = PROVIDER.act("observe", Provider)'),
    ("contracts/contracts/running.py", 'hold = CONTRACT.act("hold", Contract)'),
    ("procurement/bids/bidding.py", 'receipt = BID.act("receipt", Bid)'),
    ("procurement/awards/awarding.py", 'reserve = BID.act("reserve", Bid)'),
    ("catalog/editions/publishing.py", 'limit = EDITION.act("limit", Edition)'),
    (
        "catalog/editions/publishing.py",
        '@EDITION.transition("halt")\ndef halt(edition: Edition, *, by: Actor, reason: str) -> None:\n'
        "    edition.withdrawal = reason",
    ),
    ("procurement/objections/objecting.py", 'inquire = OBJECTION.act("inquire", Objection)'),
    ("referrals/needs/triage.py", 'postpone = NEED.act("postpone", Need)'),
    ("referrals/matters/intake.py", 'visit = MATTER.act("visit", Matter)'),
)


def test_a_second_state_of_a_phase_is_right_by_itself():
    with copied("second-states") as folder:
        for name, difference in CHANGES:
            path = folder / name
            path.write_text(applied(path.read_text(), difference))
        for name, action in ACTIONS:
            path = folder / name
            path.write_text(f"{path.read_text().rstrip()}\n\n\n{action}\n")
        run(folder, "manage.py", "check")
        run(folder, "manage.py", "makemigrations")
        said = run(
            folder,
            *("-m", "pytest", "-v", "--no-header", "-p", "no:cacheprovider"),
            "tests/evaluations/second_states.py",
        )
    sys.stdout.write(said)
