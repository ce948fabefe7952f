"""The templates of letters: built in, or a rule book's own, which takes the place of what it fills."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from jinja2 import PackageLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.grammar import LONGEST, TemplateUnfit, check_tree

FOLDER = "templates"
COMMON = "letter"
"""The template whose blocks stand where a kind's own fills none."""
TEXT, HTML = "layout.txt", "layout.html"

_UNNAMED = "<template>"
_UNDEFINED = re.compile(r"^'([^']*)' is undefined|has no attribute '([^']*)'$")
_RUNS_OUT = (RecursionError, MemoryError, SyntaxError)
"""What Python raises for a template too long or too deep for its compiler."""


class Kind(NamedTuple):
    """What one kind of letter says in one language. blocks: by name, what writes each and the template it is from."""

    blocks: Mapping[str, tuple[Callable[[Context], Iterable[str]], Template]]

    def write(self, name: str, values: dict[str, object]) -> str:
        """One block as plain text. Raises TemplateUnfit where its template names what is not there."""
        block, template = self.blocks[name]
        try:
            return "".join(block(template.new_context(values, shared=True)))
        except (TemplateError, TypeError, ValueError) as error:
            line, said = _line_of(error, template), _said(error)
            own = template.name is None
            raise TemplateUnfit("template-fails", line, said=said, variable=_variable(said), own=own) from error


@cache
def _environment(form: str) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("notifications", FOLDER),
        undefined=StrictUndefined,
        trim_blocks=form == HTML,
        lstrip_blocks=False,
        keep_trailing_newline=True,
        autoescape=form == HTML,
    )
    environment.globals.clear()
    return environment


@cache
def layout(language: str, form: str) -> Template:
    """What is around the blocks, ``TEXT`` or ``HTML``; the latter escapes whatever is put into it."""
    return _environment(form).get_template(f"{language}/{form}")


@lru_cache(maxsize=256)
def read_kind(language: str, kind: str, own: str = "") -> Kind:
    """The blocks of a kind of letter; where its ``own`` template fills one, that one counts.

    Raises jinja2.TemplateNotFound for a kind that has no template, TemplateUnfit for an own one that is unfit.
    """
    environment = _environment(TEXT)
    templates = [environment.get_template(f"{language}/{name}.txt") for name in (COMMON, kind)]
    if own:
        check(own)
        templates.append(environment.from_string(own))
    return Kind({name: (block, template) for template in templates for name, block in template.blocks.items()})


@cache
def kinds(language: str) -> tuple[str, ...]:
    """Every kind of letter, sorted."""
    names = _environment(TEXT).list_templates(filter_func=lambda name: name.startswith(f"{language}/"))
    found = (name.removeprefix(f"{language}/").removesuffix(".txt") for name in names if name.endswith(".txt"))
    return tuple(sorted(set(found) - {COMMON, TEXT.removesuffix(".txt")}))


def check(source: str) -> None:
    """Whether letters can be written by it. Raises TemplateUnfit, whose line is the template's own."""
    if len(source) > LONGEST:
        raise TemplateUnfit("template-too-long", 1, most=LONGEST)
    environment = _environment(TEXT)
    try:
        check_tree(environment.parse(source))
        environment.compile(source)
    except TemplateSyntaxError as error:
        raise TemplateUnfit("template-not-jinja", error.lineno, said=error.message or "") from None
    except _RUNS_OUT:
        raise TemplateUnfit("template-too-deep", 1) from None


def read_source(language: str, kind: str) -> str:
    """The text of a built-in template. Raises jinja2.TemplateNotFound."""
    environment = _environment(TEXT)
    if environment.loader is None:
        raise TemplateNotFound(kind)
    return environment.loader.get_source(environment, f"{language}/{kind}.txt")[0]


def _line_of(error: BaseException, template: Template) -> int:
    """The template's line that was being written when it failed."""
    trace, line = error.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in (template.filename, _UNNAMED):
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


def _variable(said: str) -> str:
    found = _UNDEFINED.search(said)
    return found[1] or found[2] if found else ""


def _said(error: Exception) -> str:
    message = error.message if isinstance(error, UndefinedError) else str(error)
    return message or type(error).__name__
