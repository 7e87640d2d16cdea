"""Chinese texts have full-width marks; what is no text stays as it is.

Marks are written as escapes, since tools fold them.
"""

# typography: as typed
from __future__ import annotations

import re

import pytest
import yaml
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from tools import typography

COMMA, COLON, QUESTION = "\uff0c", "\uff1a", "\uff1f"
OPENING, CLOSING = "\uff08", "\uff09"


@pytest.mark.parametrize(
    ("suffix", "source", "mended"),
    [
        (".py", '_("已收到,请等。")', f'_("已收到{COMMA}请等。")'),
        (".py", 'f(r"[甲,乙]"); _("丙,丁")', f'f(r"[甲,乙]"); _("丙{COMMA}丁")'),
        (".py", '_("已收到: %(name)s")', f'_("已收到{COLON}%(name)s")'),
        (".py", '_("%(day)s,%(hour)s 前到")', f'_("%(day)s{COMMA}%(hour)s 前到")'),
        (".py", '("甲,"\n "乙")', f'("甲{COMMA}"\n "乙")'),
        (".py", '_("姓名 (全名)")', f'_("姓名{OPENING}全名{CLOSING}")'),
        (".html", "<p>电话:{{ phone }}</p>", f"<p>电话{COLON}{{{{ phone }}}}</p>"),
        (".html", '{% trans "答复" %}:{{ answer }}', f'{{% trans "答复" %}}{COLON}{{{{ answer }}}}'),
        (".html", "{{ a }},{% translate '自' %}", f"{{{{ a }}}}{COMMA}{{% translate '自' %}}"),
        (".html", '{{ a }}({% trans "自" %})', f'{{{{ a }}}}{OPENING}{{% trans "自" %}}{CLOSING}'),
        (".html", "{{ a }}({{ b }})甲", f"{{{{ a }}}}{OPENING}{{{{ b }}}}{CLOSING}甲"),
        (".html", "<p>{{ name }}:</p>", f"<p>{{{{ name }}}}{COLON}</p>"),
        (
            ".html",
            "{{ a }}{% if b %}({{ b }}){% endif %}",
            f"{{{{ a }}}}{{% if b %}}{OPENING}{{{{ b }}}}{CLOSING}{{% endif %}}",
        ),
        (
            ".html",
            "{{ a }}{% if b %},{% endif %}{% endfor %}",
            f"{{{{ a }}}}{{% if b %}}{COMMA}{{% endif %}}{{% endfor %}}",
        ),
        (".html", '{{ all|join:"," }}', f'{{{{ all|join:"{COMMA}" }}}}'),
        (".html", '{% trans "真的吗?" %}', f'{{% trans "真的吗{QUESTION}" %}}'),
        (".html", '<a title="是,对">x</a>', f'<a title="是{COMMA}对">x</a>'),
        (".yaml", "says: 全市,每天\n", f"says: 全市{COMMA}每天\n"),
        (".csv", '甲,乙,"丙,丁"\n', f'甲,乙,"丙{COMMA}丁"\n'),
        (".po", 'msgid ""\n"甲,"\n"乙"\nmsgstr "a, b"\n', f'msgid ""\n"甲{COMMA}"\n"乙"\nmsgstr "a, b"\n'),
    ],
)
def test_marks_of_chinese_texts_become_full_width(suffix, source, mended):
    assert typography.mend(source, suffix)[0] == mended
    assert typography.mend(mended, suffix) == (mended, [])


@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (".py", 'call(a, "甲", b)'),
        (".py", '"1,200 元, 12:30"'),
        (".py", 'r"[甲,乙]"'),
        (".py", '"甲,乙"  # typography: as typed'),
        (".py", '"""Says 甲, or 乙."""'),
        (".py", '"https://甲"'),
        (".html", "<style>p:first-child { color: red; }</style><p>甲</p>"),
        (".html", "{# 甲,乙 #}"),
        (".html", "{% icon 'plus' %}&nbsp;{% trans '添加' %}"),
        (".html", "{% trans 'Answer' %}:{{ answer }}"),
        (".html", "{% trans '甲' as words %}:{{ words }}"),
        (".html", '{% if a == "x" %}甲{% endif %}'),
        (".yaml", "甲: [乙, 丙]\n"),
        (".csv", "甲,乙\n"),
        (".po", 'msgid "a, b"\nmsgstr "甲,乙"\n'),
    ],
)
def test_what_is_no_chinese_text_stays(suffix, source):
    assert typography.mend(source, suffix) == (source, [])


def test_a_mark_is_told_with_its_line():
    assert typography.mend('a = 1\nb = "甲,乙"\n', ".py")[1] == [2]


def test_no_text_of_yaml_is_cut_at_a_half_width_comma():
    def cut(value: object) -> list[str]:
        if isinstance(value, list):
            return [key for part in value for key in cut(part)]
        if not isinstance(value, dict):
            return []
        empty = [
            key for key, held in value.items() if held is None and any(map(typography.is_chinese, str(key)))
        ]
        return empty + [key for held in value.values() for key in cut(held)]

    files = [path for path in typography.ROOT.glob("[a-z]*/**/*.yaml") if "var" not in path.parts]
    assert len(files) > 10
    assert {path.name: found for path in files if (found := cut(yaml.safe_load(path.read_text())))} == {}
    assert cut(yaml.safe_load("- {reason: 甲,乙}")) == ["乙"]


class Answers(forms.Form):
    name = forms.CharField(max_length=2)
    reason = forms.CharField(min_length=5)
    total = forms.DecimalField(max_digits=3)
    share = forms.DecimalField(decimal_places=1)
    kind = forms.ChoiceField(choices=[("a", "a")])
    file = forms.FileField(max_length=2)


def test_django_refuses_with_full_width_marks_too():
    typed = {"name": "abc", "reason": "abc", "total": "1234", "share": "0.25", "kind": "b"}
    refused = Answers(typed, {"file": SimpleUploadedFile("abc.txt", b"a")}).errors
    assert set(refused) == set(Answers.base_fields)
    for words in (str(word) for found in refused.values() for word in found):
        assert typography.changes(words) == {}
        assert not re.search(r"[\u4e00-\u9fff]\.|\u3002 ", words)
