"""The rule book's own templates of letters: each for a kind that is written, and fit to write it."""

from collections.abc import Iterator
from typing import NamedTuple

from workflow.edition.entries import MailTemplates
from workflow.edition.fault import RuleBookError


class Own(NamedTuple):
    """A template of the rule book's own: ``mail.templates.LANGUAGE.KIND``."""

    language: str
    kind: str
    source: str

    @property
    def path(self) -> tuple[str, ...]:
        return ("mail", "templates", self.language, self.kind)


def own_templates(templates: MailTemplates) -> Iterator[Own]:
    """Every template of the rule book's own, by language and kind."""
    for language in ("zh", "en"):
        for kind, source in sorted(getattr(templates, language).items()):
            yield Own(language, kind, source)


def check_templates(templates: MailTemplates) -> None:
    """Raises RuleBookError for one of a kind that no letter is of, and for one that is unfit."""
    for own in own_templates(templates):
        from notifications.grammar import TemplateUnfit
        from notifications.template import check, kinds

        if own.kind not in kinds(own.language):
            values = {"kind": own.kind, "known": list(kinds(own.language))}
            raise RuleBookError(own.path, "edition.letter-kind-unknown", **values)
        try:
            check(own.source)
        except TemplateUnfit as unfit:
            raise RuleBookError.within(own.path, unfit.line, f"edition.{unfit.code}", unfit.values) from None
