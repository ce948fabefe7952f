"""What `mail templates check` finds: the undefined variable, the line, and the file and key it stands in."""

from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader, DictLoader

from notifications import template
from notifications.template import kinds
from tests.unit.workflow.edition.reader import BUILT_IN, line_of
from workflow.edition import Edition, find, parse
from workflow.screens.templates import check_templates
from workflow.wording import LANGUAGES


def with_own(source: str) -> Edition:
    return parse(BUILT_IN.replace("[[staff]]", f"{source}\n[[staff]]", 1).encode(), "rules.toml")


def test_the_built_in_templates_are_sound() -> None:
    found = check_templates(find("hubei-2024"), "hubei-2024")
    assert [(each["language"], each["kind"]) for each in found] == [
        (lang, kind) for lang in LANGUAGES for kind in kinds(lang)
    ]
    assert all(each["problems"] == [] and each["key"] is None and each["letters"] >= 3 for each in found)


def test_a_template_that_fails_for_some_letters_is_told_with_its_place() -> None:
    own = '[mail.templates.zh]\nannounce = """\n{% block next %}\n{{ cases[0].name }}\n{% endblock %}"""\n'
    edition = with_own(own)
    (bad,) = [each for each in check_templates(edition, "rules.toml") if each["problems"]]
    assert (bad["language"], bad["kind"], bad["key"]) == ("zh", "announce", "mail.templates.zh.announce")
    (problem,) = bad["problems"]
    assert problem["file"] == "rules.toml"
    assert problem["line"] == line_of("{{ cases[0].name }}", edition.source.decode())
    assert "no element 0" in problem["said"]


def test_an_attribute_that_is_not_there_is_named() -> None:
    edition = with_own('[mail.templates.en]\nremind = "{% block next %}{{ unit.name }}{% endblock %}"\n')
    (bad,) = [each for each in check_templates(edition, "rules.toml") if each["problems"]]
    assert [problem["variable"] for problem in bad["problems"]] == ["name"]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The built-in templates, with a word of one of them misspelt."""
    forget()
    environment = template._environment(template.TEXT)
    assert environment.loader is not None
    misspelt = "{% block subject %}x{% endblock %}\n\n{% block opening %}{{ unti }}{% endblock %}"
    misspelt += "{% block next %}{% endblock %}"
    loader = DictLoader({"en/lapsed.txt": misspelt})
    monkeypatch.setattr(environment, "loader", ChoiceLoader([loader, environment.loader]))
    yield
    forget()


def forget() -> None:
    for cached in (template._environment, template.layout, template.kinds, template.read_kind):
        cached.cache_clear()


@pytest.mark.usefixtures("broken")
def test_a_built_in_template_that_fails_is_told_with_its_file() -> None:
    (bad,) = [each for each in check_templates(find("hubei-2024"), "hubei-2024") if each["problems"]]
    (problem,) = bad["problems"]
    assert problem == {
        "file": "notifications/templates/en/lapsed.txt",
        "key": None,
        "line": 3,
        "variable": "unti",
        "said": "'unti' is undefined",
    }
