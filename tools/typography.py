"""Full-width punctuation in Chinese texts (GB/T 15834): finds half-width marks, and corrects them.

``python -m tools.typography`` lists each place and fails if there is one; ``--write`` corrects them. It reads
string literals of Python, texts of templates, scalars of YAML, fields of CSV and the source texts of catalogs
(``.po``). A mark belongs to a Chinese text when a Chinese character is beside it, or a bracket when one is at
either side of the pair. What must stay as it is, such as a literal in a test of parsers, has ``typography: as
typed`` in a comment of its first or last line; a file of nothing else has it in a line of its own.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
#: What a half-width mark becomes in a Chinese text.
FULL = {
    ",": "\uff0c",
    ":": "\uff1a",
    ";": "\uff1b",
    "!": "\uff01",
    "?": "\uff1f",
    "(": "\uff08",
    ")": "\uff09",
}
AS_TYPED = "typography: as typed"
#: Placeholders of Python and of templates: parts of a text whose script is unknown.
PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0\- +]*[\d.]*[sdifr]|%[sd]|\{\{.*?\}\}|\{[\w.\[\]]*(?:![rsa])?(?::[^{}]*)?\}"
)
#: Parts of a template that are no text, except for what is quoted in a tag.
MARKUP = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL
)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<[a-zA-Z/!][^<>]*(?:\{[%{].*?[%}]\}[^<>]*)*>|&#?\w+;", re.DOTALL)
#: A literal is a regular expression, not a text, by its own syntax or by the call that takes it.
PATTERN, PATTERN_CALL = re.compile(r"\(\?[:P!=<]"), re.compile(r"\bre\.\w+\($")
QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
#: A tag that shows the text it quotes, instead of assigning it to a name.
TRANSLATED = re.compile(r"\{%\s*trans(?:late)?\s(?!.*\sas\s+\w+\s*%\}$)")
#: A filter that puts a mark between the texts of a list.
JOINED = re.compile(r"\|join:[\"']([,:;]) ?[\"']")
#: Characters in place of a placeholder, of inline markup, and of a Chinese text of a tag.
UNKNOWN, NOTHING, HAN = "\ue000", "\ue001", "\u6587"
#: Values of a template that are Chinese by what is round them: in brackets, or before a mark with no text after it.
AMONG_TAGS = re.compile(rf"\({UNKNOWN}+\)|{UNKNOWN}+{NOTHING}*[,:;](?= *[{NOTHING}\n])")


@dataclass(frozen=True)
class Text:
    """A text of a file: its characters, and the index in the file of each of them."""

    characters: str
    places: list[int]


def is_chinese(character: str) -> bool:
    """Whether it is a Han character or a Chinese punctuation mark."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\u3000" < character <= "\u303f"
        or character in FULL.values()
        or character in "\u201c\u201d\u2018\u2019\u2026\u2014"
        or character >= "\U00020000"
    )


def changes(text: str) -> dict[int, str]:
    """The replacement by index of a text's characters: a full-width mark, or nothing for a blank beside one."""
    if not any(map(is_chinese, text)):
        return {}
    masked = PLACEHOLDER.sub(lambda found: UNKNOWN * len(found[0]), text)
    found = {
        at: FULL[mark] for at, mark in enumerate(masked) if mark in ",:;!?" and _belongs(masked, at, mark)
    }
    for opening, closing in _pairs(masked):
        sides = [masked[side : side + 1] for side in (opening - 1, opening + 1, closing - 1, closing + 1)]
        if any(side and is_chinese(side) for side in sides) or sides[:2] == [UNKNOWN, UNKNOWN]:
            found[opening], found[closing] = FULL["("], FULL[")"]
    for at, mark in list(found.items()):
        beside = at - 1 if mark == FULL["("] else at + 1
        if 0 < beside < len(masked) - 1 and masked[beside] == " ":
            found[beside] = ""
    return found


def _belongs(text: str, at: int, mark: str) -> bool:
    """Whether the mark at that index belongs to a Chinese text."""
    before, after = _beside(text, at, -1), _beside(text, at, 1)
    if mark in ",;:" and before == after == UNKNOWN:
        return True
    if mark in "!?":
        return is_chinese(before) or (before == UNKNOWN and after in ("", "\n"))
    if mark == ":" and after in "/\\" and after:
        return False
    return is_chinese(before) or is_chinese(after)


def _beside(text: str, at: int, step: int) -> str:
    """The next character on one side, past one blank and inline markup; empty at the end."""
    at += step
    while 0 <= at < len(text) and text[at] == NOTHING:
        at += step
    if 0 <= at < len(text) and text[at] == " ":
        at += step
        while 0 <= at < len(text) and text[at] == NOTHING:
            at += step
    return text[at] if 0 <= at < len(text) else ""


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """The indexes where brackets open and close, inner ones first."""
    opened: list[int] = []
    for at, character in enumerate(text):
        if character == "(":
            opened.append(at)
        elif character == ")" and opened:
            yield opened.pop(), at


# --- the texts of each kind of file -----------------------------------------------


def texts_of_python(source: str) -> Iterator[Text]:
    """String literals, adjacent ones as one text; no bytes, regular expressions, docstrings."""
    if f"\n# {AS_TYPED}\n" in source:
        return
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    kept = {n for n, line in enumerate(source.splitlines(), 1) if AS_TYPED in line}
    characters: list[str] = []
    places: list[int] = []
    skipped, begins = False, True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING:
            taken = PATTERN_CALL.search(token.line[: token.start[1]].rstrip())
            skipped = skipped or begins or bool(taken or PATTERN.search(token.string))
            prefix = re.match(r"[A-Za-z]*", token.string)[0].lower()
            if set(prefix) & set("rb"):
                continue
            skipped = skipped or bool(kept & {token.start[0], token.end[0]})
            quote = 3 if token.string[len(prefix) :].startswith(('"""', "'''")) else 1
            first = lines[token.start[0] - 1] + token.start[1] + len(prefix) + quote
            inner = token.string[len(prefix) + quote : -quote]
            characters.append(inner)
            places.extend(range(first, first + len(inner)))
        elif token.type not in (tokenize.NL, tokenize.COMMENT):
            if characters and not skipped:
                yield Text("".join(characters), places)
            characters, places, skipped = [], [], False
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            begins = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


def texts_of_template(source: str) -> Iterator[Text]:
    """What people read: everything between the tags as one text, and each text quoted in a tag."""
    if AS_TYPED in source:
        return
    read = list(MARKUP.sub(lambda found: NOTHING * len(found[0]), source))
    for tag in TAG.finditer("".join(read)):
        for at in range(*tag.span()):
            read[at] = _read_as(tag[0])
        for quoted in QUOTED.finditer(tag[0]):
            inner = quoted[1] or quoted[2] or ""
            first = tag.start() + quoted.start() + 1
            yield Text(inner, list(range(first, first + len(inner))))
        for joined in JOINED.finditer(tag[0]):
            at = tag.start() + joined.start(1)
            yield Text(HAN + joined[1], [at, at])
    shown = AMONG_TAGS.sub(lambda found: found[0].replace(UNKNOWN, HAN), "".join(read))
    yield Text(shown, list(range(len(source))))


def _read_as(tag: str) -> str:
    """The character in place of a template's tag: a value, a Chinese text, or nothing."""
    if tag.startswith(("{{", "&")):
        return UNKNOWN
    return HAN if TRANSLATED.match(tag) and any(map(is_chinese, tag)) else NOTHING


def texts_of_yaml(source: str) -> Iterator[Text]:
    """The scalars."""
    for token in yaml.scan(source, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken):
            first, end = token.start_mark.index, token.end_mark.index
            yield Text(source[first:end], list(range(first, end)))


def texts_of_csv(source: str) -> Iterator[Text]:
    """The fields; a comma counts only inside quotes."""
    quoted = False
    first = 0
    for at, character in enumerate(source + "\n"):
        if character == '"':
            quoted = not quoted
        elif character in ",\r\n" and not quoted:
            yield Text(source[first:at], list(range(first, at)))
            first = at + 1


def texts_of_catalog(source: str) -> Iterator[Text]:
    """The source texts (``msgid``), which are Chinese; the lines of one as one text."""
    characters: list[str] = []
    places: list[int] = []
    at, inside = 0, False
    for line in source.splitlines(keepends=True):
        if line.startswith("msgid"):
            inside = True
        elif not line.startswith('"'):
            inside = False
        if characters and not (inside and line.startswith('"')):
            yield Text("".join(characters), places)
            characters, places = [], []
        if inside and '"' in line:
            first, last = line.index('"') + 1, line.rindex('"')
            characters.append(line[first:last])
            places.extend(range(at + first, at + last))
        at += len(line)
    if characters:
        yield Text("".join(characters), places)


READERS = {
    ".py": texts_of_python,
    ".html": texts_of_template,
    ".txt": texts_of_template,
    ".yaml": texts_of_yaml,
    ".csv": texts_of_csv,
    ".po": texts_of_catalog,
}


def mend(source: str, suffix: str) -> tuple[str, list[int]]:
    """The source with full-width marks, and the line number of each mark that was half-width.

    It repeats until nothing changes, since a corrected mark may show that the next one is Chinese too.
    """
    lines: list[int] = []
    while made := _made(source, suffix):
        lines += [source.count("\n", 0, at) + 1 for at, character in made.items() if character]
        source = "".join(made.get(at, character) for at, character in enumerate(source))
    return source, sorted(lines)


def _made(source: str, suffix: str) -> dict[int, str]:
    """The replacement by index of a whole file's characters."""
    return {
        text.places[at]: character
        for text in READERS[suffix](source)
        for at, character in changes(text.characters).items()
    }


def main() -> int:
    """The command line; returns 1 where a mark is wrong and not corrected."""
    parser = argparse.ArgumentParser(prog="python -m tools.typography", description=__doc__)
    parser.add_argument("--write", action="store_true", help="mend what is found")
    parser.add_argument("paths", nargs="*", type=Path, help="files; all of the repository without")
    asked = parser.parse_args()
    left = 0
    for path in asked.paths or _files():
        source = path.read_text()
        mended, lines = mend(source, path.suffix)
        if mended != source and asked.write:
            path.write_bytes(mended.encode())
        elif mended != source:
            left += len(lines)
            for line in dict.fromkeys(lines):
                sys.stdout.write(f"{path}:{line}: half-width mark in a Chinese text\n")
    return 1 if left else 0


def _files() -> list[Path]:
    """All files under version control that contain texts for people."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607  the git on the path
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in listed if Path(name).suffix in READERS]


if __name__ == "__main__":
    sys.exit(main())
