"""Draws a lifecycle table for the docs: a Mermaid diagram and a table of moves."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from foundation.lifecycle.table import LIFECYCLES, ClockFor, ClockKey, Lifecycle, Start, Transition


def draw(lifecycle: Lifecycle) -> str:
    """The Markdown page of one lifecycle, in Chinese, the same for the same table."""
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


def _row(lifecycle: Lifecycle, each: Start | Transition) -> str:
    who = "、".join(dict.fromkeys(str(party.role.label) for party in each.by))
    if isinstance(each, Start):
        state = lifecycle.states(each.state).label
        return f"| {each.label} `{each.name}` | {who} | – | {state} | {each.basis} | | |"
    sources = "、".join(str(lifecycle.states(s).label) for s in each.arrow.sources)
    target = lifecycle.states(each.arrow.target).label if each.arrow.target else "不变"
    who = f"{who}（时限 {'、'.join(f'`{key}`' for key in each.at)} 到期）" if each.at else who
    reason = "选择" if isinstance(each.reason, type) else "必填" if each.reason else ""
    apart = "、".join(str(getattr(lifecycle.find(n), "label", n)) for n in each.apart_from)
    return (
        f"| {each.label} `{each.name}` | {who} | {sources} | {target} | {each.basis} | {apart} | {reason} |"
    )


def _rules(key: ClockKey | tuple[str, ...]) -> str:
    keys = key.keys if isinstance(key, ClockFor) else key if isinstance(key, tuple) else (key,)
    return "、".join(f"`{each}`" for each in keys)


def pages() -> dict[str, str]:
    """Every drawing by its file name, with an index."""
    drawn = {
        f"{label.lower().replace('.', '-')}.md": draw(each) for label, each in sorted(LIFECYCLES.items())
    }
    with translation.override("zh-hans"):
        index = ["# 状态与动作", "", "由 `manage.py lifecycles` 从代码中的状态表画出。", ""]
        index += [
            f"- [{each.title}]({label.lower().replace('.', '-')}.md)"
            for label, each in sorted(LIFECYCLES.items())
        ]
    return {"README.md": "\n".join(index) + "\n", **drawn}


def stale(folder: Path) -> list[str]:
    """Names of drawings that are missing, old or left over in ``folder``."""
    wanted = pages()
    there = {each.name for each in folder.glob("*.md")} if folder.exists() else set()
    return sorted(
        name
        for name in wanted.keys() | there
        if name not in wanted or name not in there or (folder / name).read_text() != wanted[name]
    )


def write(folder: Path) -> list[str]:
    """Bring ``folder`` up to date and return the names that changed."""
    changed = stale(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name])
        else:
            (folder / name).unlink()
    return changed
