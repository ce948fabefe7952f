"""The door. Reads words, calls one function, prints. Decides nothing."""

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from states.course import COURSE
from workflow.errors import AnliError, UsageError
from workflow.screens.answer import Answer, saying
from workflow.screens.command_context import CommandContext as Context
from workflow.screens.complaint import (
    GREATEST,
    CommandUnknown,
    LanguageUnknown,
    WordsTooMany,
    check_legible,
    failure_of,
    fault_of,
)
from workflow.screens.help_page import draw_help, read_page
from workflow.screens.screen import AnswerUnwritable, progress, width_of, write
from workflow.screens.vocabulary import (
    read_event_kind,
    read_letter_state,
    read_mail_status,
    read_role,
    read_state,
    read_trigger,
    read_window,
)
from workflow.settings import gather
from workflow.wording import LANGUAGES, asked_language, choose_language, say, say_error

if TYPE_CHECKING:
    from workflow.engine.batch import BatchReport

LANGUAGE = choose_language(asked_language(sys.argv[1:]), os.environ, getattr(sys.stdout, "encoding", None))
FAILED, REFUSED, NOT_VERIFIED, INTERRUPTED = 1, 3, 4, 130


def _say(key: str, **values: object) -> str:
    return say(key, LANGUAGE, **values)


def _help(name: str) -> str:
    return _say(f"help.{name}")


class _Spoken:
    """Helps and complains in the catalogue's words rather than in typer's."""

    def format_help(self, context: Any, formatter: Any) -> None:
        formatter.write(draw_help(read_page(context, LANGUAGE), min(width_of(sys.stdout), 100)))


class Command(_Spoken, TyperCommand):
    allow_extra_args = True

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        left = super().parse_args(context, args)
        if left:
            raise WordsTooMany(words=left, command=context.command_path)
        return left


class Group(_Spoken, TyperGroup):
    def resolve_command(self, context: Any, args: list[str]) -> Any:
        if args[0] == "help":
            return super().resolve_command(context, self._asked_about(context, args[1:]))
        if self.get_command(context, args[0]) is None:
            raise CommandUnknown(word=args[0], known=self.list_commands(context))
        return super().resolve_command(context, args)

    def _asked_about(self, context: Any, words: list[str]) -> list[str]:
        """``help mail send`` is ``mail send --help``; ``help`` alone is this page."""
        if words:
            return [*words, "--help"]
        write(draw_help(read_page(context, LANGUAGE), min(width_of(sys.stdout), 100)) + "\n", sys.stdout)
        raise typer.Exit


app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    help=_help("anli"),
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _group(name: str, within: typer.Typer = app) -> typer.Typer:
    group = typer.Typer(name=name, cls=Group, no_args_is_help=True, help=_help(name), rich_markup_mode=None)
    within.add_typer(group)
    return group


Text = str | None
Texts = list[str] | None
Number = int | None
Numbers = list[int] | None
File = Path | None
Files = list[Path] | None


class _Word(NamedTuple):
    """One word of a command as it is typed: ``--name``, or, without a name, in its place; help: the catalogue's key."""

    name: str
    metavar: str | None
    help: str
    limits: Mapping[str, Any]

    @property
    def info(self) -> Any:
        """As typer takes it."""
        said: dict[str, Any] = {"help": _help(self.help), "metavar": self.metavar, **self.limits}
        return typer.Option(f"--{self.name}", **said) if self.name else typer.Argument(**said)


def _argument(metavar: str, help_key: str, **limits: Any) -> _Word:
    return _Word("", metavar, help_key, limits)


def _option(name: str, metavar: str, help_key: str | None = None, **limits: Any) -> _Word:
    return _Word(name, metavar, help_key or name, limits)


def _flag(name: str, help_key: str | None = None) -> _Word:
    return _Word(name, None, help_key or name, {})


def _place(word: str) -> str | Path:
    """A file's name may be any bytes; an address is text."""
    return word if "://" in word else Path(word)


_NUMBER: dict[str, Any] = {"min": 1, "max": GREATEST}
WORDS = {
    "actor": _option("actor", "ACCOUNT"),
    "address": _option("address", "TEXT", "correct-address"),
    "applicant": _option("applicant", "NAME", "correct-applicant"),
    "as_json": _flag("json"),
    "batch": _option("batch", "BATCH", "letters-of-batch", **_NUMBER),
    "case": _argument("CASE", "case"),
    "categories": _option("category", "CASE=N", "settle-category"),
    "category": _option("category", "N", min=1, max=99),
    "checkpoint": _option("checkpoint", "FILE"),
    "contact": _option("contact", "NAME", "correct-contact"),
    "count": _option("cases", "N", "demo-cases", min=1, max=5000),
    "edition": _option("edition", "NAME|FILE"),
    "end": _option("to", "TIME", "rehearse-to"),
    "event": _argument("EVENT", "event", **_NUMBER),
    "everything": _flag("all"),
    "field": _option("field", "FIELD"),
    "file": _argument("FILE", "file"),
    "folder": _argument("FOLDER", "folder"),
    "html": _option("html", "FILE"),
    "ids": _argument("ID…", "letter", **_NUMBER),
    "keep": _option("keep", "FOLDER"),
    "key": _option("key", "FILE", "public-key"),
    "kind": _option("kind", "KIND", parser=read_event_kind),
    "letter": _argument("ID", "letter", **_NUMBER),
    "login": _argument("LOGIN", "login"),
    "name": _option("name", "NAME", "correct-name"),
    "new": _argument("NEW", "new-checkpoint"),
    "nothing_to_do": _flag("nothing-to-do"),
    "numbers": _argument("CASE…", "case"),
    "old": _argument("OLD", "old-checkpoint"),
    "only": _option("only", "ID", **_NUMBER),
    "originals": _flag("originals", "erase-originals"),
    "outcome": _option("outcome", "OUTCOME"),
    "phone": _option("phone", "NUMBER", "correct-phone"),
    "plan": _option("plan", "FILE"),
    "ranking": _flag("ranking", "as-of-ranking"),
    "reason": _option("reason", "TEXT"),
    "received": _option("received", "TIME"),
    "role": _argument("ROLE", "role", parser=read_role),
    "scans": _option("scan", "FILE[=CASE…]", "settle-scan"),
    "since": _option("since", "DAY|TIME"),
    "start": _option("from", "TIME", "rehearse-from"),
    "state": _option("state", "STATE", parser=read_state),
    "status": _option("status", "STATUS", parser=read_mail_status),
    "step": _option("step", "HOURS", "rehearse-step", min=1, max=8784),
    "submission": _argument("SUBMISSION", "submission", **_NUMBER),
    "svg": _option("svg", "FILE"),
    "time": _argument("TIME", "as-of-time"),
    "trigger": _argument("TRIGGER", "trigger", parser=read_trigger),
    "unit": _option("unit", "UNIT"),
    "until": _option("until", "DAY|TIME"),
    "window": _argument("TRIGGER", "window", parser=read_window),
    "words": _argument("PATH…", "paths", parser=_place),
}
"""What a parameter of a command is on the command line, unless a command says otherwise; any other is a flag."""


def _show_version(asked: bool) -> None:
    if asked:
        from workflow.audit.actor import program_version

        write(program_version() + "\n", sys.stdout)
        raise typer.Exit


_VERSION = _flag("version")._replace(limits={"callback": _show_version, "is_eager": True}).info


@app.callback()
def settle(
    context: typer.Context,
    database: Annotated[str | None, _option("db", "URL", "db-url").info] = None,
    now: Annotated[str | None, _option("now", "TIME").info] = None,
    language: Annotated[str | None, _option("lang", "zh|en").info] = None,
    verbose: Annotated[bool, _flag("verbose").info] = False,
    _version: Annotated[bool, _VERSION] = False,
) -> None:
    if language is not None and language not in LANGUAGES:
        raise LanguageUnknown(word=language, known=list(LANGUAGES))
    if database is not None:
        from workflow.store.address import refuse_password

        refuse_password(database)
    if verbose:
        from workflow.screens.running_log import tell_all

        tell_all(LANGUAGE)
    context.obj = gather(database, now, LANGUAGE)


def command(
    name: str, group: typer.Typer = app, **own: "str | _Word"
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Give a function of a context and words its name on the command line, and --json.

    own: words that are others here than in WORDS, or, as text, the key of their help.
    """
    page = name if group is app else f"{group.info.name}-{name}"

    def enrol(work: Callable[..., Answer]) -> Callable[..., Answer]:
        def run(invocation: typer.Context, as_json: bool, **words: Any) -> None:
            check_legible(words)
            with Context(invocation.obj, as_json, page) as context:
                answer = work(context, **words)
                context.answer(answer)
            if answer.status:
                raise typer.Exit(answer.status)

        _, *parameters = inspect.signature(work).parameters.values()
        plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
        as_json = inspect.Parameter("as_json", plain, annotation=bool, default=False)
        typed = [_typed(parameter, own.get(parameter.name)) for parameter in (*parameters, as_json)]
        typed.insert(0, inspect.Parameter("invocation", plain, annotation=typer.Context))
        run.__signature__ = inspect.Signature(typed)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in typed}
        group.command(name, cls=Command, help=_help(page))(run)
        return work

    return enrol


def _typed(parameter: inspect.Parameter, own: "str | _Word | None") -> inspect.Parameter:
    """A parameter as typer reads it: its type, and the word that gives it."""
    name = parameter.name
    is_flag = parameter.annotation is bool and name not in WORDS
    word = own if isinstance(own, _Word) else _flag(name.replace("_", "-")) if is_flag else WORDS[name]
    if isinstance(own, str):
        word = word._replace(help=own)
    return parameter.replace(annotation=Annotated[parameter.annotation, word.info])


@command("init")
def init(context: Context, edition: str = "hubei-2024", rehearsal: bool = False) -> Answer:
    from workflow.edition import find
    from workflow.engine.campaign import found
    from workflow.screens.founded import answer_campaign

    context.campaign = found(context.settings, find(edition), rehearsal)
    return Answer(answer_campaign(context.campaign), saying("init.rehearsal" if rehearsal else "init.done"))


@command("intake", unit="intake-unit")
def intake(context: Context, words: list[Any], unit: Text = None, long: bool = False) -> Answer:
    from workflow.intake.take import take_in
    from workflow.screens.taken import answer_intake, answer_taken, count_taken, draw_taken, waits

    answers = []
    for taken in take_in(context.campaign, words, unit):
        answers.append(answer_taken(context.campaign, taken))
        if not context.as_json and (long or waits(answers[-1])):
            context.draw(Answer(answers[-1], draw_taken), sys.stdout)
    refused = any(answer["status"] == "refused" for answer in answers)
    return Answer(answer_intake(answers), count_taken, REFUSED if refused else 0)


@command("submissions")
def submissions(context: Context, status: Text = None) -> Answer:
    from workflow.screens.submissions import list_submissions
    from workflow.screens.tables import draw_submissions

    return Answer(list_submissions(context.campaign, status), draw_submissions)


@command("settle", unit="settle-unit")
def settle_submission(
    context: Context,
    submission: int,
    unit: Text = None,
    received: Text = None,
    categories: Texts = None,
    scans: Texts = None,
    nothing_to_do: bool = False,
    reason: Text = None,
) -> Answer:
    from workflow.edition.moment import read_since
    from workflow.intake.desk.settle import Answers, settle
    from workflow.screens.desk import answer_settled, draw_settled

    moment = None if received is None else read_since(received, context.campaign.edition.zone)
    answers = Answers(unit, moment, categories or (), scans or (), nothing_to_do)
    return Answer(answer_settled(context.campaign, settle(context.campaign, submission, answers, reason)), draw_settled)


@command("correct", category="correct-category")
def correct_case(  # noqa: PLR0913, PLR0917
    context: Context,
    case: str,
    name: Text = None,
    applicant: Text = None,
    contact: Text = None,
    phone: Text = None,
    address: Text = None,
    category: Number = None,
    reason: Text = None,
    dry_run: bool = False,
    yes: bool = False,
) -> Answer:
    from workflow.intake.desk.amendment import say_of
    from workflow.intake.desk.correct import Corrected, Wish, correct, propose
    from workflow.screens.desk import answer_corrected, draw_corrected

    def answer(corrected: Corrected) -> Answer:
        return Answer(answer_corrected(context.campaign, case, corrected), draw_corrected)

    wish = Wish(case, say_of(name, applicant, contact, phone, address, category), reason)
    if dry_run:
        return answer(propose(context.campaign, wish))
    done = correct(context.campaign, wish, None if yes else lambda proposed: context.confirms(answer(proposed)))
    if done is None:
        raise typer.Exit(FAILED)
    return answer(done)


@command("swap", old=_argument("OLD", "swap-old"), new=_argument("NEW", "swap-new"))
def swap_cases(context: Context, old: str, new: str, reason: Text = None) -> Answer:
    from workflow.engine.swap import swap

    return _batch(context, swap(context.campaign, old, new, reason))


@command("todo")
def todo(context: Context) -> Answer:
    from workflow.intake.desk.tray import read_tray
    from workflow.screens.todo import answer_todo, draw_todo

    return Answer(answer_todo(context.campaign, read_tray(context.campaign)), draw_todo)


@command("cases")
def cases(context: Context, state: Text = None, unit: Text = None, category: Number = None) -> Answer:
    from workflow.screens.cases import list_cases
    from workflow.screens.tables import draw_cases

    return Answer(list_cases(context.campaign, state, unit, category), draw_cases)


@command("show", document=_option("open", "DOCUMENT"))
def show(context: Context, case: str, document: Text = None) -> Answer:
    from workflow.publish.opening import open_document
    from workflow.screens.case_page import draw_case
    from workflow.screens.cases import show_case
    from workflow.screens.papers import draw_opened

    context.reads(case)
    if document is not None:
        return Answer(open_document(context.campaign, case, document, context.has_reader), draw_opened)
    return Answer(show_case(context.campaign, case), draw_case)


@command("papers", to=_option("to", "FOLDER", "papers-to"))
def papers(
    context: Context,
    numbers: list[str],
    to: Path,
    contacts: bool = False,
    current: bool = False,
    all_versions: bool = False,
) -> Answer:
    from workflow.publish.papers.folder import choose_versions, hand_out
    from workflow.screens.papers import draw_papers

    every = choose_versions(current, all_versions)
    for number in dict.fromkeys(numbers):
        context.reads(number)
    return Answer(hand_out(context.campaign, numbers, to, contacts=contacts, all_versions=every), draw_papers)


@command("history")
def history(context: Context, case: str) -> Answer:
    from workflow.screens.case_history import show_history
    from workflow.screens.case_history_page import draw_history

    context.reads(case)
    return Answer(show_history(context.campaign, case), draw_history)


@command("explain")
def explain(context: Context, case: str, trigger: str, reason: Text = None) -> Answer:
    from workflow.engine.explain import explain as ask
    from workflow.screens.verdict import answer_verdict, draw_verdict

    return Answer(answer_verdict(context.campaign, case, ask(context.campaign, case, trigger, reason)), draw_verdict)


@command("advance")
def advance(  # noqa: PLR0913, PLR0917
    context: Context,
    trigger: str,
    numbers: Texts = None,
    everything: bool = False,
    unit: Text = None,
    category: Number = None,
    dry_run: bool = False,
    plan: File = None,
    reason: Text = None,
    yes: bool = False,
    hold: bool = False,
) -> Answer:
    from workflow.engine.agreement import Wish, carry_out, propose

    wish = Wish(trigger, numbers or (), everything, unit, category, reason, hold)
    if dry_run or plan is not None:
        return _batch(context, propose(context.campaign, wish, plan))
    done = carry_out(
        context.campaign, wish, None if yes else lambda proposed: context.confirms(_batch(context, proposed))
    )
    if done is None:
        raise typer.Exit(FAILED)
    return _batch(context, done)


@command("apply", file="plan-file")
def apply(context: Context, file: Path, hold: bool = False) -> Answer:
    from workflow.engine.agreement import carry_out_plan

    return _batch(context, carry_out_plan(context.campaign, file, hold))


@command("undo", batch=_argument("BATCH", "batch", **_NUMBER))
def undo(context: Context, batch: int, reason: Text = None, hold: bool = False) -> Answer:
    from workflow.engine.undo import undo as take_back

    return _batch(context, take_back(context.campaign, batch, reason, hold))


def _batch(context: Context, report: "BatchReport") -> Answer:
    from workflow.screens.batch import answer_report
    from workflow.screens.batch_page import draw_batch_of

    document = answer_report(context.campaign, report)
    return Answer(document, draw_batch_of(context.campaign), REFUSED if report.refused else 0)


def _sheets(kind: str) -> None:
    """The two commands of one kind of sheet: take it in filled, write it to fill."""
    group = _group(kind)

    @command("import", group, file="sheet")
    def take(context: Context, file: Path) -> Answer:
        from workflow.review import import_sheet
        from workflow.screens.sheet_import import answer_import, draw_import

        answer = answer_import(context.campaign, import_sheet(context.campaign, kind, file))
        return Answer(answer, draw_import, REFUSED if answer["refused"] else 0)

    @command("template", group, file="new-sheet")
    def template(context: Context, file: Path) -> Answer:
        from workflow.review import write_template

        document = {"file": str(file), "cases": write_template(context.campaign, kind, file)}
        return Answer(document, saying("template.done"))


for judgement in COURSE.judgements:
    _sheets(judgement.name)


@command("ranking")
def ranking(context: Context) -> Answer:
    from workflow.review.ranking import read_ranking
    from workflow.screens.ranking import answer_ranking
    from workflow.screens.tables import draw_ranking

    return Answer(answer_ranking(read_ranking(context.campaign)), draw_ranking)


mail = _group("mail")


@command("list", mail, state=_option("state", "STATE", "letter-state", parser=read_letter_state))
def list_mail(context: Context, state: Text = None) -> Answer:
    from workflow.screens.letters import list_letters
    from workflow.screens.mail_pause import draw_outbox_of

    return Answer(list_letters(context.campaign, state), draw_outbox_of(context.campaign))


@command("preview", mail, html="letter-html")
def preview_mail(context: Context, letter: int, html: File = None) -> Answer:
    from workflow.screens.letters import keep_html, read_letter
    from workflow.screens.tables import draw_letter

    answer = read_letter(context.campaign, letter)
    if html is not None:
        keep_html(answer, html)
    return Answer(answer, draw_letter)


@command("send", mail, unit="letters-to-unit")
def send_mail(context: Context, only: Numbers = None, batch: Number = None, unit: Text = None) -> Answer:
    from notifications.outbox import Choice
    from workflow.engine.stopping import until_stopped
    from workflow.post.dispatch import send
    from workflow.screens.letters import list_letters
    from workflow.screens.tables import draw_letters

    with progress(_say("mail.sending"), sys.stderr) as step, until_stopped() as pause:
        choice = Choice(only or None, batch, unit)
        reported = send(context.campaign, lambda _letter: step(), lambda: pause(0), choice)
    letters = list_letters(context.campaign, ids={report.letter for report in reported})
    return Answer(letters, draw_letters, REFUSED if any(letter["state"] != "sent" for letter in letters) else 0)


@command("retry", mail)
def retry_mail(context: Context, ids: list[int]) -> Answer:
    from workflow.post.handling import retry

    return _letters(context, retry(context.campaign, ids))


@command("hold", mail)
def hold_mail(context: Context, ids: Numbers = None, batch: Number = None) -> Answer:
    from workflow.post.handling import hold

    return _letters(context, hold(context.campaign, ids or [], batch))


@command("release", mail)
def release_mail(context: Context, ids: Numbers = None, batch: Number = None) -> Answer:
    from workflow.post.handling import release

    return _letters(context, release(context.campaign, ids or [], batch))


@command("cancel", mail)
def cancel_mail(context: Context, ids: Numbers = None, batch: Number = None, reason: Text = None) -> Answer:
    from workflow.post.handling import cancel

    return _letters(context, cancel(context.campaign, ids or [], batch, reason))


def _letters(context: Context, ids: list[int]) -> Answer:
    from workflow.screens.letters import list_letters
    from workflow.screens.tables import draw_letters

    return Answer(list_letters(context.campaign, ids=set(ids)), draw_letters)


@command("pause", mail)
def pause_mail(context: Context, reason: Text = None) -> Answer:
    from workflow.post.mail_pause import pause
    from workflow.screens.mail_pause import answer_pause, say_paused

    return Answer(answer_pause(pause(context.campaign, reason)), say_paused)


@command("resume", mail)
def resume_mail(context: Context) -> Answer:
    from workflow.post.mail_pause import resume
    from workflow.screens.mail_pause import answer_pause

    return Answer(answer_pause(resume(context.campaign)), saying("mail.resumed"))


templates = _group("templates", mail)


@command("check", templates, file="templates-file")
def check_mail_templates(context: Context, file: File = None) -> Answer:
    from workflow.edition import find
    from workflow.screens.templates import check_templates, draw_templates

    edition = find(str(file)) if file else context.campaign.edition
    answer = check_templates(edition, str(file or edition.name))
    return Answer(answer, draw_templates, FAILED if any(template["problems"] for template in answer) else 0)


@command("bounces", mail, words="bounce-paths")
def mail_bounces(context: Context, words: list[Any]) -> Answer:
    from workflow.intake.bounces import take_bounces
    from workflow.screens.bounces import answer_bounces, draw_bounces

    answer = answer_bounces(take_bounces(context.campaign, words))
    return Answer(answer, draw_bounces, REFUSED if any(report["outcome"] == "unknown" for report in answer) else 0)


audit = _group("audit")


_EVENTS = {"case": _option("case", "CASE"), "batch": _option("batch", "BATCH", **_NUMBER)}


@command("log", audit, unit="log-unit", until="log-until", **_EVENTS)
def audit_log(  # noqa: PLR0913, PLR0917
    context: Context,
    case: Text = None,
    unit: Text = None,
    actor: Text = None,
    batch: Number = None,
    kind: Text = None,
    outcome: Text = None,
    since: Text = None,
    until: Text = None,
) -> Answer:
    from workflow.screens.event_page import draw_events
    from workflow.screens.history import list_events

    context.reads(case)
    events = list_events(context.campaign, case, batch, kind, unit, actor, outcome, since, until)
    return Answer(events, draw_events)


@command("verify", audit)
def audit_verify(context: Context, checkpoint: Files = None, key: File = None) -> Answer:
    from workflow.screens.case_page import draw_verification
    from workflow.screens.history import verify_history

    answer = verify_history(context.campaign, checkpoint or [], key)
    return Answer(answer, draw_verification, 0 if answer["ok"] else NOT_VERIFIED)


@command("redact", audit)
def audit_redact(
    context: Context, case: str, field: Texts = None, reason: Text = None, originals: bool = False
) -> Answer:
    from workflow.engine.redaction import redact
    from workflow.screens.redaction import answer_erased, draw_redaction

    answer = answer_erased(redact(context.campaign, case, field or [], reason, originals))
    return Answer(answer, draw_redaction, REFUSED if answer["originals_left"] or answer["read_on"] else 0)


@command("set-clock", audit)
def audit_set_clock(context: Context, reason: Text = None) -> Answer:
    from workflow.engine.clock_setting import set_clock
    from workflow.screens.clock_setting import answer_clock_set, draw_clock_set

    return Answer(answer_clock_set(set_clock(context.campaign, reason)), draw_clock_set)


@command("keygen", audit, file="key-file")
def audit_keygen(context: Context, file: File = None) -> Answer:
    from workflow.engine.notary import make_signing_key
    from workflow.screens.trust import answer_key, choose_key_file, draw_key

    chosen = choose_key_file(context.campaign, file)
    return Answer(answer_key(chosen, make_signing_key(context.campaign, chosen)), draw_key)


@command("checkpoint", audit, file="checkpoint-file")
def audit_checkpoint(context: Context, file: File = None) -> Answer:
    from workflow.engine.notary import seal
    from workflow.publish.handed_out import hand_out
    from workflow.screens.trust import answer_checkpoint, draw_checkpoint

    answer = answer_checkpoint(seal(context.campaign))
    hand_out(answer["note"], file)
    return Answer(answer, draw_checkpoint)


@command("prove", audit, file="proof-file")
def audit_prove(context: Context, event: int, file: File = None) -> Answer:
    from workflow.engine.notary import prove
    from workflow.publish.handed_out import hand_out
    from workflow.screens.trust import answer_proof, draw_proof

    answer = answer_proof(event, prove(context.campaign, event))
    hand_out(answer["proof"], file)
    return Answer(answer, draw_proof)


@command("consistency", audit)
def audit_consistency(context: Context, old: str, new: str) -> Answer:
    from workflow.engine.notary import prove_consistency
    from workflow.screens.trust import answer_consistency, draw_consistency

    return Answer(answer_consistency(*prove_consistency(context.campaign, old, new)), draw_consistency)


@command("export", audit, folder="bundle-folder")
def audit_export(context: Context, folder: Path) -> Answer:
    from workflow.publish.bundle.folder import export

    return Answer(export(context.campaign, folder), saying("bundle.done"))


@command("as-of", audit, unit="as-of-unit")
def audit_as_of(context: Context, time: str, case: Text = None, unit: Text = None, ranking: bool = False) -> Answer:
    from workflow.screens.as_of import answer_as_of

    return answer_as_of(context.campaign, time, case, unit, ranking)


@command("diff", audit, since=_argument("T1", "as-of-time"), until=_argument("T2", "as-of-time"))
def audit_diff(context: Context, since: str, until: str) -> Answer:
    from workflow.screens.difference import list_changes
    from workflow.screens.difference_page import draw_changes

    return Answer(list_changes(context.campaign, since, until), draw_changes)


@command("tick")
def tick(context: Context, dry_run: bool = False, accept_clock: bool = False, reason: Text = None) -> Answer:
    from workflow.deadlines.tick import tick_once
    from workflow.engine.clock_setting import set_clock
    from workflow.screens.clock_page import draw_tick, draw_tick_ahead
    from workflow.screens.firings import answer_tick

    if accept_clock and not dry_run:
        set_clock(context.campaign, reason, "tick --accept-clock")
    ticked = tick_once(context.campaign, dry_run)
    draw = draw_tick_ahead if dry_run else draw_tick
    return Answer(answer_tick(context.campaign, *ticked), draw, REFUSED if ticked.refused else 0)


@command("watch")
def watch(context: Context) -> Answer:
    from workflow.deadlines.watch import timepiece
    from workflow.deadlines.watch import watch as keep_watch
    from workflow.engine.stopping import until_stopped
    from workflow.screens.firings import line_of_firing

    campaign = context.campaign
    with until_stopped() as pause:
        keep_watch(
            campaign,
            timepiece(campaign, context.settings.now),
            pause,
            lambda fired: write(line_of_firing(fired), sys.stdout),
            lambda trouble: write(_sentence(trouble), sys.stderr),
        )
    raise typer.Exit


@command("doctor")
def doctor(context: Context) -> Answer:
    from workflow.deadlines.doctor import examine
    from workflow.screens.clock_page import draw_health
    from workflow.screens.firings import answer_health

    answer = answer_health(examine(context.campaign))
    return Answer(answer, draw_health, 0 if answer["ok"] else NOT_VERIFIED)


calendar = _group("calendar")


@command("show", calendar)
def show_calendar(context: Context, svg: File = None, html: File = None) -> Answer:
    from workflow.deadlines.agenda import read_agenda
    from workflow.screens.calendar import answer_calendar
    from workflow.screens.clock_page import draw_calendar
    from workflow.screens.timeline import MARK, draw_html, draw_svg

    answer = answer_calendar(read_agenda(context.campaign))
    context.keep(svg, answer, draw_svg, MARK)
    context.keep(html, answer, draw_html, MARK)
    return Answer(answer, draw_calendar)


@command("extend", calendar)
def extend_calendar(
    context: Context, window: str, until: str, unit: Text = None, reason: Text = None, force: bool = False
) -> Answer:
    from workflow.deadlines.amendment import extend
    from workflow.edition.moment import read_until
    from workflow.screens.calendar import answer_amended
    from workflow.screens.clock_page import draw_amended

    moment = read_until(until, context.campaign.edition.zone)
    return Answer(answer_amended(extend(context.campaign, window, moment, unit, reason, force)), draw_amended)


@command("export", calendar, file="ics-file")
def export_calendar(context: Context, file: Path) -> Answer:
    from workflow.deadlines.agenda import read_agenda
    from workflow.publish.icalendar import PROGRAM, write_icalendar

    agenda = read_agenda(context.campaign)
    context.keep(file, agenda, lambda _renderer, agenda: write_icalendar(context.campaign, agenda), PROGRAM)
    return Answer({"file": str(file), "deadlines": len(agenda.appointments)}, saying("calendar.exported"))


@command("rehearse")
def rehearse(context: Context, start: Text = None, end: Text = None, step: int = 24) -> Answer:
    from workflow.deadlines.rehearsal import rehearse_as_asked
    from workflow.screens.clock_page import draw_ahead
    from workflow.screens.firings import answer_tick

    fired = rehearse_as_asked(context.campaign, start, end, step)
    return Answer(answer_tick(context.campaign, fired, None), draw_ahead)


staff = _group("staff")


@command("add", staff)
def staff_add(context: Context, login: str, role: str) -> Answer:
    from workflow.engine.staff import add
    from workflow.screens.staff import answer_added, say_added

    return Answer(answer_added(login, role, add(context.campaign, login, role)), say_added)


@command("list", staff)
def staff_list(context: Context) -> Answer:
    from workflow.screens.staff import draw_staff, list_staff

    return Answer(list_staff(context.campaign), draw_staff)


db = _group("db")


@command("upgrade", db)
def upgrade_database(context: Context) -> Answer:
    from workflow.engine.upkeep import upgrade
    from workflow.screens.founded import answer_campaign

    upgrade(context.settings)
    return Answer(answer_campaign(context.campaign), saying("db.upgraded"))


@command("backup", db, folder=_argument("TO", "backup-folder"))
def back_up_database(context: Context, folder: Path) -> Answer:
    from workflow.engine.backup import back_up
    from workflow.screens.backup import answer_copied, draw_backup

    answer = answer_copied(back_up(context.campaign, folder), LANGUAGE)
    return Answer(answer, draw_backup, 0 if answer["ok"] else NOT_VERIFIED)


@command("restore", db, folder=_argument("FROM", "restore-folder"))
def restore_database(context: Context, folder: Path) -> Answer:
    from workflow.engine.backup import restore
    from workflow.screens.backup import answer_copied, draw_restored

    answer = answer_copied(restore(context.settings, folder), LANGUAGE)
    return Answer(answer, draw_restored, 0 if answer["ok"] else NOT_VERIFIED)


@command("grant", db)
def grant_rights(context: Context) -> Answer:
    from workflow.engine.upkeep import grant
    from workflow.screens.rights import answer_rights, draw_rights

    return Answer(answer_rights(*grant(context.campaign)), draw_rights)


@command("demo")
def demo(_context: Context, keep: File = None, count: int = 150) -> Answer:
    from workflow.demo.season import play

    summary = play(keep, count, LANGUAGE, lambda line: write(f"{line}\n", sys.stderr))
    return Answer(summary.answer(), lambda _renderer, _document: summary.draw())


def main() -> None:
    """Run the command; whatever a person can act on becomes one sentence on standard error and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(_run())


def _run() -> int:
    try:
        status = app(prog_name="anli", standalone_mode=False) or 0
    except KeyboardInterrupt:
        status = INTERRUPTED
    except AnliError as error:
        return _complain(error)
    except typer.TyperException as complaint:
        if type(complaint).__name__ == "NoArgsIsHelpError":
            write(complaint.format_message() + "\n", sys.stderr)
            return UsageError.exit_status
        return _complain(fault_of(complaint))
    except Exception as error:
        if os.environ.get("ANLI_DEBUG"):
            raise
        return _complain(failure_of(error))
    if status == INTERRUPTED:
        write("\n" + _say("interrupted") + "\n", sys.stderr)
    return int(status)


def _complain(error: AnliError) -> int:
    with suppress(AnswerUnwritable):
        write(_sentence(error), sys.stderr)
    return error.exit_status


def _sentence(error: AnliError) -> str:
    return _say("error.prefix", sentence=say_error(error, LANGUAGE)) + "\n"


if __name__ == "__main__":
    main()
