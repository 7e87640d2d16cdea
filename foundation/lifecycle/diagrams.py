"""Draws a lifecycle table for the docs: a Mermaid diagram and a table of transitions."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from foundation.lifecycle.table import LIFECYCLES, ClockFor, ClockKey, Lifecycle, Start, Transition


def draw(lifecycle: Lifecycle) -> str:
    """The Markdown page of one lifecycle, in Chinese; equal tables give equal pages."""
    with translation.override("zh-hans"):
        lines = [f"# {lifecycle.title} `{lifecycle.label}`", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {state}: {lifecycle.states(state).label}" for state in lifecycle.states.values]
        lines += [f"    [*] --> {start.state}: {start.label}" for start in lifecycle.starts]
        for transition in lifecycle.transitions:
            lines += [
                f"    {source} --> {transition.arrow.end(source)}: {transition.label}"
                for source in transition.arrow.sources
            ]
        lines += [f"    {state} --> [*]" for state in lifecycle.final_states()]
        lines += ["```", "", "| 动作 | 由 | 从 | 到 | 依据 | 四眼 | 理由 |", "|---|---|---|---|---|---|---|"]
        lines += [_row(lifecycle, row) for row in lifecycle.rows]
        clocks = [(s, k) for s, k in lifecycle.clocks.items()]
        if clocks:
            lines += ["", "| 状态 | 时限规则 |", "|---|---|"]
            lines += [f"| {lifecycle.states(s).label} | {_rules(k)} |" for s, k in clocks]
        if lifecycle.spanning:
            lines += ["", f"跨状态的时限：{_rules(lifecycle.spanning)}。"]
        if lifecycle.periods:
            lines += ["", f"期间（届满不算逾期）：{_rules(lifecycle.periods)}。"]
        if lifecycle.unpaused:
            lines += ["", f"不能暂停的时限：{_rules(lifecycle.unpaused)}。"]
        return "\n".join(lines) + "\n"


def _row(lifecycle: Lifecycle, row: Start | Transition) -> str:
    """The line of the table for one start or transition."""
    who = "、".join(dict.fromkeys(str(party.role.label) for party in row.by))
    if isinstance(row, Start):
        state = lifecycle.states(row.state).label
        return f"| {row.label} `{row.name}` | {who} | – | {state} | {row.basis} | | |"
    sources = "、".join(str(lifecycle.states(s).label) for s in row.arrow.sources)
    target = lifecycle.states(row.arrow.target).label if row.arrow.target else "不变"
    who = f"{who}（时限 {'、'.join(f'`{key}`' for key in row.at)} 到期）" if row.at else who
    reason = "选择" if isinstance(row.reason, type) else "必填" if row.reason else ""
    apart = "、".join(str(getattr(lifecycle.find(n), "label", n)) for n in row.apart_from)
    return f"| {row.label} `{row.name}` | {who} | {sources} | {target} | {row.basis} | {apart} | {reason} |"


def _rules(key: ClockKey | tuple[str, ...]) -> str:
    """Keys of deadline rules, in code style."""
    keys = key.keys if isinstance(key, ClockFor) else key if isinstance(key, tuple) else (key,)
    return "、".join(f"`{rule}`" for rule in keys)


def pages() -> dict[str, str]:
    """Every page of the folder by file name, with an index."""
    drawn = {
        f"{label.lower().replace('.', '-')}.md": draw(lifecycle)
        for label, lifecycle in sorted(LIFECYCLES.items())
    }
    with translation.override("zh-hans"):
        index = ["# 状态与动作", "", "由 `manage.py lifecycles` 从代码中的状态表画出。", ""]
        index += [
            f"- [{lifecycle.title}]({label.lower().replace('.', '-')}.md)"
            for label, lifecycle in sorted(LIFECYCLES.items())
        ]
    return {"README.md": "\n".join(index) + "\n", **drawn}


def stale(folder: Path) -> list[str]:
    """Names of the pages that are missing, outdated or left over in ``folder``."""
    wanted = pages()
    there = {path.name for path in folder.glob("*.md")} if folder.exists() else set()
    return sorted(
        name
        for name in wanted.keys() | there
        if name not in wanted or name not in there or (folder / name).read_text() != wanted[name]
    )


def write(folder: Path) -> list[str]:
    """Bring ``folder`` up to date; the names of the pages that changed."""
    changed = stale(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name])
        else:
            (folder / name).unlink()
    return changed
