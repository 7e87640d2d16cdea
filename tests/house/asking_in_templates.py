"""Where a template asks for a state or a role: found in its tags and variables, whatever the spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import override

from foundation.roles import Role
from tests.house.speaking import enumerations, names_a_state, values

#: Attributes by which a state or a role is known.
STATES = {"status", "state", "standing", "get_status_display", "get_state_display", "status_label"}
ROLES = {"role"}
#: Questions for a role under another name.
ASKED = {"overseeing", "private"}
#: What compares in a tag.
COMPARES = {"==", "!=", "in", "not", "is", "<", ">", "<=", ">="}
#: A text in quotes.
QUOTED = re.compile(r"""^(["']).*\1$""", re.DOTALL)
#: A comparison in a script, of a state with a text.
SCRIPTED = re.compile(r"""\b(\w+)\s*[!=]==?\s*["'](\w+)["']|["'](\w+)["']\s*[!=]==?\s*(?:\w+\.)*(\w+)""")
#: Texts among which a script looks for a state, those of ``case`` where it switches by one, and a state in a link.
LISTED = re.compile(r"""\[([^\]]*)\]\.includes\(\s*(?:\w+\.)*(\w+)\s*\)""")
SWITCHED = re.compile(r"""\bswitch\s*\(\s*(?:\w+\.)*(\w+)\s*\)\s*\{(.*?)\}""", re.DOTALL)
LINKED = re.compile(r"""[?&](?:amp;)?(\w+)=(\w+)""")


def asked_states(text: str) -> list[str]:
    """Comparisons of a state with a text, of a text that only a state has, and states under another name."""
    found = []
    states, texts = _names_given(text, STATES) | _names_in_loops(text), _texts_given(text)
    grouped = any(words[0] == "regroup" and names_a_state(words[3]) for _token, words in _tags(text))
    for token, words in _tags(text):
        for left, right in _compared(words):
            sides = (left, right)
            state = any(_is_a_state(side) or _root(side) in states for side in sides)
            state |= grouped and any(_path(side)[-1] == "grouper" for side in sides)
            said = [side[1:-1] for side in sides if QUOTED.match(side)]
            said += [texts[side] for side in sides if side in texts]
            if (state and said) or any(map(_is_one, sides)) or any(word in _unmistakable() for word in said):
                found.append(f"{left} … {right} (line {token.lineno})")
        found += [f"{word} (line {token.lineno})" for word in words if _renamed(words[0], word)]
    return [*found, *scripted_states(text)]


def scripted_states(text: str) -> list[str]:
    """Comparisons of a state with a text in a script, and links that ask for one."""
    compared = (
        (match.group(), *pair)
        for match in SCRIPTED.finditer(text)
        for pair in (match.groups()[:2], match.groups()[:1:-1])
    )
    listed = ((match.group(), match[2], match[1]) for match in LISTED.finditer(text))
    switched = ((match.group(), *match.groups()) for match in SWITCHED.finditer(text))
    linked = ((match.group(), *match.groups()) for match in LINKED.finditer(text))
    return [
        found
        for found, name, said in (*compared, *listed, *switched, *linked)
        if name and names_a_state(name) and set(re.findall(r"\w+", said)) & values()
    ]


def _is_one(word: str) -> bool:
    """Whether a variable is one state of a table: ``need.lifecycle.states.OPEN``."""
    return "states" in _path(word)[:-1] and _path(word)[-1].isupper()


def _is_a_state(word: str) -> bool:
    """Whether a variable is a state, of something or by its own name."""
    return _ends_in(word, STATES) or (len(_path(word)) == 1 and names_a_state(word))


def _names_in_loops(text: str) -> set[str]:
    """The names of states in loops over several: ``{% for now in states %}``."""
    loops = (words for _token, words in _tags(text) if words[0] == "for" and len(words) > 3)
    return {words[1] for words in loops if _path(words[3])[-1] in ("states", "statuses")}


def _texts_given(text: str) -> dict[str, str]:
    """The texts to which a template gives a name: ``{% with wanted="open" %}``."""
    found = {}
    for _token, words in _tags(text):
        if words[0] == "with":
            pairs = [word.partition("=")[::2] for word in words[1:]]
            pairs += [(words[3], words[1])] if len(words) == 4 and words[2] == "as" else []
            found |= {name: value[1:-1] for name, value in pairs if QUOTED.match(value)}
    return found


def _renamed(tag: str, word: str) -> bool:
    """Whether a tag hands a state to another template under another name: ``{% include … with now=need.status %}``."""
    name, _sign, value = word.partition("=")
    return tag == "include" and _ends_in(value, {"status", "state", "standing"}) and not names_a_state(name)


def asked_roles(text: str) -> list[str]:
    """Comparisons of somebody's role, and questions for one under another name."""
    found = []
    aliases = _names_given(text, ROLES)
    for token, words in _tags(text):
        for left, right in _compared(words):
            sides = (left, right)
            if any(_ends_in(side, ROLES) or _root(side) in aliases for side in sides):
                found.append(f"{left} … {right} (line {token.lineno})")
    for token in Lexer(text).tokenize():
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            found += [
                f"{word} (line {token.lineno})"
                for word in smart_split(token.contents)
                if _path(word)[-1] in ASKED and _person(word)
            ]
    return found


def _tags(text: str) -> Iterator[tuple[Token, list[str]]]:
    """The block tags of a template, each with its words."""
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            yield token, list(smart_split(token.contents))


def _compared(words: list[str]) -> Iterator[tuple[str, str]]:
    """What a tag compares: the words on both sides of each operator."""
    if words[0] not in ("if", "elif"):
        return
    plain = [word for word in words[1:] if word != "not"]
    for place, word in enumerate(plain):
        if word in COMPARES and 0 < place < len(plain) - 1:
            yield plain[place - 1], plain[place + 1]


def _names_given(text: str, attributes: set[str]) -> set[str]:
    """The names under which a template keeps such an attribute: ``{% with now=object.status %}``."""
    names = set()
    for _token, words in _tags(text):
        if words[0] != "with":
            continue
        names |= {
            name
            for name, _sign, value in (word.partition("=") for word in words[1:])
            if value and _ends_in(value, attributes)
        }
        if len(words) == 4 and words[2] == "as" and _ends_in(words[1], attributes):
            names.add(words[3])
    return names


def _path(word: str) -> list[str]:
    """The parts of a variable without its filters: ``actor.role.value|default:""``."""
    return word.split("|", 1)[0].split(".")


def _root(word: str) -> str:
    return _path(word)[0]


def _ends_in(word: str, attributes: set[str]) -> bool:
    """Whether a variable is such an attribute of something, or the value, label or name of one."""
    parts = _path(word)
    while len(parts) > 1 and parts[-1] in ("value", "label", "name"):
        parts.pop()
    return len(parts) > 1 and parts[-1] in attributes


def _person(word: str) -> bool:
    """Whether a variable is an attribute of who reads."""
    return bool({"actor", "reader", "user"} & set(_path(word)[:-1]))


@cache
def _unmistakable() -> frozenset[str]:
    """The states that are no everyday word and no role, and the labels that only states have."""
    with override("zh-hans"):
        labels = {str(state.label) for states in enumerations().values() for state in states}
    return frozenset(value for value in values() if "_" in value) - set(Role.values) | frozenset(labels)
