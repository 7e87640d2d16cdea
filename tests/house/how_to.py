"""How-tos as they are done: their blocks of code, and the files that these are for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

#: A block of code with its indent and language.
FENCED = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
#: A file that the text names.
NAMED = re.compile(r"`([\w./-]+/[\w.-]+\.\w+)`")


@dataclass(frozen=True)
class Block:
    """A block of code, and the last file that the text before it names."""

    language: str
    text: str
    file: str

    def do(self, folder: Path) -> None:
        """Change the file below ``folder``: a difference is applied, anything else comes at its end."""
        path = folder / self.file
        before = path.read_text()
        path.write_text(
            applied(before, self.text) if self.language == "diff" else f"{before.rstrip()}\n\n\n{self.text}"
        )


def blocks(how_to: Path) -> list[Block]:
    """The blocks of a how-to, in their order."""
    text, found = how_to.read_text(), []
    for block in FENCED.finditer(text):
        indent, language, lines = block.groups()
        named = NAMED.findall(FENCED.sub("", text[: block.start()]))
        code = "".join(line.removeprefix(indent) for line in lines.splitlines(keepends=True))
        found.append(Block(language, code, named[-1]))
    return found


def applied(text: str, difference: str) -> str:
    """The text after a difference: lines with a space stand there, with a minus they go, with a plus they come.

    Raises ``ValueError`` unless what should be there is there exactly once.
    """
    lines, changes = text.splitlines(), difference.splitlines()
    old = [line[1:] for line in changes if not line.startswith("+")]
    new = [line[1:] for line in changes if not line.startswith("-")]
    starts = [start for start in range(len(lines)) if lines[start : start + len(old)] == old]
    if len(starts) != 1:
        raise ValueError("this is not there once:\n" + "\n".join(old))
    return "\n".join([*lines[: starts[0]], *new, *lines[starts[0] + len(old) :], ""])
