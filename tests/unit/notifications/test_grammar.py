"""What the template of a letter may not say, so that none hurts whoever writes letters by it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.grammar import BLOCKS, LONGEST, TemplateUnfit
from notifications.template import COMMON, check, kinds, read_kind, read_source


def in_block(text: str) -> str:
    return "{% block next %}" + text + "{% endblock %}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_built_in_templates_keep_to_it(language: str) -> None:
    for kind in (COMMON, *kinds(language)):
        check(read_source(language, kind))


@pytest.mark.parametrize(
    "text",
    [
        "{{ unit }}、{{ received_until }}",
        "{% for case in cases|selectattr('notes') if case.name %}{{ loop.index }} {{ case.number }}{% endfor %}",
        "{% for case in cases %}{% for note in case.notes %}{{ note }}{{ loop.last }}{% endfor %}{% endfor %}",
        "{% for place, number, name, old, new, notes in cases %}{{ name }}{% else %}{{ cases|length }}{% endfor %}",
        "{{ cases[0].name }}{{ points|first }}{{ 'a' ~ unit|upper }}{# a note #}",
        "{% if points and not why %}x{% elif cases|length > 1 %}y{% else %}{{ sentence if note else day }}{% endif %}",
    ],
)
def test_what_letters_need_can_be_said(text: str) -> None:
    check(in_block(text))


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        (in_block("\n\n{{ nobody }}"), "template-name-unknown", 3),
        (in_block("{% for case in cases %}{{ case.nmae }}{% endfor %}"), "template-name-unknown", 1),
        (in_block("{% for case in cases %}{% endfor %}{{ case }}"), "template-name-unknown", 1),
        (in_block("{{ unit.__class__ }}"), "template-name-unknown", 1),
        (in_block("{{ cases|map('upper') }}"), "template-name-unknown", 1),
        (in_block("{{ 'a'|replace('a', 'aa') }}"), "template-name-unknown", 1),
        (in_block("{{ why is sameas(unit) }}"), "template-name-unknown", 1),
        (in_block("{{ unit['__class__'] }}"), "template-not-for-letters", 1),
        (in_block("{{ unit[why] }}"), "template-not-for-letters", 1),
        (in_block("{{ 'a' * 100000000000 }}"), "template-not-for-letters", 1),
        (in_block("{{ 9 ** 9 ** 9 }}"), "template-not-for-letters", 1),
        (in_block("{% for x in range(9) %}{% endfor %}"), "template-not-for-letters", 1),
        (in_block("{{ range(9) }}"), "template-not-for-letters", 1),
        (in_block("{% for x in unit %}{% endfor %}"), "template-loops-over", 1),
        (in_block("{% for x in 'abc' %}{% endfor %}"), "template-loops-over", 1),
        (in_block("{% for a in cases %}{% for b in cases %}{% endfor %}{% endfor %}"), "template-loops-over", 1),
        (in_block("{% for a in cases %}{{ cases|length }}{% endfor %}"), "template-list-in-a-loop", 1),
        (in_block("{% for a in cases recursive %}{{ loop(cases) }}{% endfor %}"), "template-not-for-letters", 1),
        (
            in_block("{% for a in cases %}{% for b in a.notes %}{% for c in b %}{% endfor %}{% endfor %}{% endfor %}"),
            "template-not-for-letters",
            1,
        ),
        (in_block("{{ cases }}"), "template-list-printed", 1),
        (in_block("{{ 'x' ~ points }}"), "template-list-printed", 1),
        (in_block("{% set x = 1 %}"), "template-not-for-letters", 1),
        (in_block("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"), "template-not-for-letters", 1),
        (in_block("{% include 'zh/letter.txt' %}"), "template-not-for-letters", 1),
        (in_block("{{ self.next() }}"), "template-not-for-letters", 1),
        (in_block("{% block subject %}{% endblock %}"), "template-not-for-letters", 1),
        ("{% extends 'zh/letter.txt' %}", "template-outside-blocks", 1),
        ("\n请查收。", "template-outside-blocks", 1),
        ("{% block ending %}{% endblock %}", "template-block-unknown", 1),
        (in_block("\n{% if %}{% endif %}"), "template-not-jinja", 2),
        (in_block("{{ unit }"), "template-not-jinja", 1),
        (in_block("{% if why %}" * 60 + "{% endif %}" * 60), "template-too-deep", 1),
        (in_block("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}"), "template-too-deep", 1),
        (in_block("{{ " + "not " * 2_000 + "1 }}"), "template-too-deep", 1),
        (in_block("x" * LONGEST), "template-too-long", 1),
    ],
)
def test_what_letters_do_not_need_is_refused(source: str, code: str, line: int) -> None:
    with pytest.raises(TemplateUnfit) as caught:
        check(source)
    assert (caught.value.code, caught.value.line) == (code, line)


PIECES = st.sampled_from([
    "{% block next %}", "{% block subject %}", "{% endblock %}", "{% for c in cases %}", "{% for n in c.notes %}",
    "{% for p in points %}", "{% endfor %}", "{% if why %}", "{% else %}", "{% endif %}", "{{ unit }}", "{{ c.name }}",
    "{{ c }}", "{{ cases }}", "{{ cases|first }}", "{{ cases[0] }}", "{{ loop.index }}", "{{ loop }}", "{{ p|upper }}",
    "{{ note ~ why }}", "{{ '%s' % unit }}", "{{ [1] * 9 }}", "{{ {}.get }}", "{{ none }}", "{{ cases|last|length }}",
    "{% set cases = points %}", "{% filter upper %}", "{{ ''.join }}", "文", "\n", "{{", "%}",
])  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.booleans())
def test_what_is_let_through_says_no_more_than_the_letter_holds(middle: str, wrap: bool) -> None:
    """Whatever it says, it ends, and its length grows with the letter as a line does."""
    source = in_block(middle) if wrap else middle
    try:
        check(source)
    except TemplateUnfit:
        return
    cases = [(place, "2024-0001", "读书会", "", "已接收", ["缺扫描件"] * 3) for place in range(200)]
    values = dict.fromkeys(("unit", "organiser", "enquiries", "day", "sentence", "note", "why"), "x" * 50)
    values |= {"received_until": "", "process_until": ""}
    kind = read_kind("zh", "recommended", source)
    for block in BLOCKS:
        with suppress(TemplateUnfit):
            written = kind.write(block, {**values, "cases": cases, "points": ["y"] * 200})
            assert len(written) <= (len(source) + 40) * 200 * 120
