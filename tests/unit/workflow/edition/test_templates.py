"""A rule book's own templates: each for a kind that is written, refused with key, line and sentence where unfit."""

from datetime import UTC, datetime

import pytest

from notifications import grammar, template
from tests.unit.workflow.edition.reader import BUILT_IN, Fault, check, edited
from workflow.edition import parse
from workflow.edition.amendments import write_amendment
from workflow.edition.templates import Own, own_templates
from workflow.wording import LANGUAGES, knows

AFTER = 'enquiries_en = "With any question, reply to this letter, or ask the organisers\' office."\nclause = "六.5"\n'
FAULTS = {
    "unknown kind": Fault(
        AFTER, f'{AFTER}[mail.templates.zh]\npraised = "x"\n', "praised", "mail.templates.zh.praised",
        "letter-kind-unknown", {"kind": "praised"},
    ),
    "layout": Fault(
        AFTER, f'{AFTER}[mail.templates.zh]\nletter = "x"\n', "letter = \"x\"", "mail.templates.zh.letter",
        "letter-kind-unknown", {"kind": "letter"},
    ),
    "unknown language": Fault(
        AFTER, f'{AFTER}[mail.templates.fr]\nremind = "x"\n', "[mail.templates.fr]", "mail.templates.fr",
        "key-unknown", {},
    ),
    "syntax": Fault(
        AFTER, f'{AFTER}[mail.templates.zh]\nremind = """\n{{% block next %}}\n{{{{ unit }}\n{{% endblock %}}"""\n',
        "{{ unit }\n", "mail.templates.zh.remind", "template-not-jinja", {},
    ),
    "undefined": Fault(
        AFTER, f'{AFTER}[mail.templates.en]\nremind = """{{% block next %}}\n{{{{ nobody }}}}{{% endblock %}}"""\n',
        "{{ nobody }}", "mail.templates.en.remind", "template-name-unknown", {"name": "nobody"},
    ),
    "undefined on the key's own line": Fault(
        AFTER, f'{AFTER}[mail.templates.en]\nremind = "{{% block next %}}\\n{{{{ nobody }}}}{{% endblock %}}"\n',
        "{{ nobody }}", "mail.templates.en.remind", "template-name-unknown", {"name": "nobody"},
    ),
    "no text": Fault(
        AFTER, f'{AFTER}[mail.templates.en]\nremind = 1\n', "remind = 1", "mail.templates.en.remind", "not-text", {},
    ),
    "foreign domain": Fault(
        AFTER, f'{AFTER}[mail.dkim]\ndomain = "other.example"\nselector = "a"\n', 'domain = "other', "mail.dkim.domain",
        "dkim-foreign", {"domain": "other.example", "sender": "intake@anli.example"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_an_unfit_template_is_refused(fault: Fault) -> None:
    check(fault)


def test_own_templates_are_part_of_the_edition() -> None:
    source = edited(AFTER, f'{AFTER}[mail.templates.en]\nremind = "{{% block next %}}x{{% endblock %}}"\n')
    edition = parse(source.encode(), "rules.toml")
    assert list(own_templates(edition.mail.templates)) == [Own("en", "remind", "{% block next %}x{% endblock %}")]
    assert edition.sha256 != parse(BUILT_IN.encode(), "rules.toml").sha256


def test_an_amended_rule_book_keeps_its_templates() -> None:
    source = edited(AFTER, f'{AFTER}[mail.templates.en]\nremind = "{{% block next %}}x{{% endblock %}}"\n').encode()
    amendment = write_amendment("received", datetime(2024, 7, 5, tzinfo=UTC).replace(tzinfo=None), None, "延期")
    assert parse(source + amendment, "rules.toml").mail.templates.en == {"remind": "{% block next %}x{% endblock %}"}


@pytest.mark.parametrize("domain", ["anli.example", "mail.anli.example"])
def test_letters_may_be_signed_for_the_senders_domain_or_one_beneath(domain: str) -> None:
    source = edited(AFTER, f'{AFTER}[mail.dkim]\ndomain = "{domain}"\nselector = "s-2024"\n')
    dkim = parse(source.encode(), "rules.toml").mail.dkim
    assert dkim is not None
    assert (dkim.domain, dkim.selector) == (domain, "s-2024")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_template_has_its_sentence(language: str) -> None:
    named = {
        constant
        for module in (grammar, template)
        for function in vars(module).values()
        if getattr(function, "__module__", "") == module.__name__
        for constant in getattr(getattr(function, "__code__", None), "co_consts", ())
        if isinstance(constant, str) and constant.startswith("template-")
    }
    assert len(named) >= 8
    assert [code for code in named if not knows(f"edition.{code}", language)] == []
