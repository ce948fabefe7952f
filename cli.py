"""The door. Reads words, calls one function, prints. Decides nothing."""

import inspect
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from workflow.errors import AnliError, UsageError
from workflow.screens.answer import Answer, saying
from workflow.screens.command_context import CommandContext
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
        if self.get_command(context, args[0]) is None:
            raise CommandUnknown(word=args[0], known=self.list_commands(context))
        return super().resolve_command(context, args)


app = typer.Typer(cls=Group, no_args_is_help=True, add_completion=False, help=_help("anli"), rich_markup_mode=None)


def _group(name: str, within: typer.Typer = app) -> typer.Typer:
    group = typer.Typer(name=name, cls=Group, no_args_is_help=True, help=_help(name), rich_markup_mode=None)
    within.add_typer(group)
    return group


def _option(name: str, metavar: str, help_key: str | None = None, **limits: Any) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=_help(help_key or name), **limits)


def _flag(name: str) -> Any:
    return typer.Option(f"--{name}", help=_help(name))


def _argument(metavar: str, name: str, **limits: Any) -> Any:
    return typer.Argument(metavar=metavar, help=_help(name), **limits)


def _place(word: str) -> str | Path:
    """A file's name may be any bytes; an address is text."""
    return word if "://" in word else Path(word)


Trigger = Annotated[str, _argument("TRIGGER", "trigger", parser=read_trigger)]
State = Annotated[str | None, _option("state", "STATE", parser=read_state)]
LetterState = Annotated[str | None, _option("state", "STATE", "letter-state", parser=read_letter_state)]
Status = Annotated[str | None, _option("status", "STATUS", parser=read_mail_status)]
Kind = Annotated[str | None, _option("kind", "KIND", parser=read_event_kind)]
Window = Annotated[str, _argument("TRIGGER", "window", parser=read_window)]
Json = Annotated[bool, _flag("json")]
Reason = Annotated[str | None, _option("reason", "TEXT")]
UnitName = Annotated[str | None, _option("unit", "UNIT")]
Category = Annotated[int | None, _option("category", "N", min=1, max=99)]
Hold = Annotated[bool, _flag("hold")]
LetterIds = Annotated[list[int] | None, _argument("ID…", "letter", min=1, max=GREATEST)]
OfBatch = Annotated[int | None, _option("batch", "BATCH", "letters-of-batch", min=1, max=GREATEST)]
CaseNumber = Annotated[str, _argument("CASE", "case")]
Batch = Annotated[int, _argument("BATCH", "batch", min=1, max=GREATEST)]


def _show_version(asked: bool) -> None:
    if asked:
        from workflow.audit.actor import program_version

        write(program_version() + "\n", sys.stdout)
        raise typer.Exit


_VERSION = typer.Option("--version", help=_help("version"), callback=_show_version, is_eager=True)


@app.callback()
def settle(
    context: typer.Context,
    database: Annotated[str | None, _option("db", "URL", "db-url")] = None,
    now: Annotated[str | None, _option("now", "TIME")] = None,
    language: Annotated[str | None, _option("lang", "zh|en")] = None,
    _version: Annotated[bool, _VERSION] = False,
) -> None:
    if language is not None and language not in LANGUAGES:
        raise LanguageUnknown(word=language, known=list(LANGUAGES))
    context.obj = gather(database, now, LANGUAGE)


def command(name: str, group: typer.Typer = app) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Give a function of a CommandContext and words its name on the command line, and --json."""
    page = name if group is app else f"{group.info.name}-{name}"

    def enrol(work: Callable[..., Answer]) -> Callable[..., Answer]:
        def run(invocation: typer.Context, as_json: bool, **words: Any) -> None:
            check_legible(words)
            with CommandContext(invocation.obj, as_json, page) as context:
                answer = work(context, **words)
                context.answer(answer)
            if answer.status:
                raise typer.Exit(answer.status)

        _, *words = inspect.signature(work).parameters.values()
        plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
        own = inspect.Parameter("invocation", plain, annotation=typer.Context)
        as_json = inspect.Parameter("as_json", plain, annotation=Json, default=False)
        run.__signature__ = inspect.Signature([own, *words, as_json])  # type: ignore[attr-defined]
        run.__annotations__ = {word.name: word.annotation for word in (own, *words, as_json)}
        group.command(name, cls=Command, help=_help(page))(run)
        return work

    return enrol


@command("init")
def init(
    context: CommandContext,
    edition: Annotated[str, _option("edition", "NAME|FILE")] = "hubei-2024",
    rehearsal: Annotated[bool, _flag("rehearsal")] = False,
) -> Answer:
    from workflow.edition import find
    from workflow.engine.campaign import found
    from workflow.screens.founded import answer_campaign

    context.campaign = found(context.settings, find(edition), rehearsal)
    return Answer(answer_campaign(context.campaign), saying("init.rehearsal" if rehearsal else "init.done"))


@command("intake")
def intake(
    context: CommandContext,
    words: Annotated[list[Any], _argument("PATH…", "paths", parser=_place)],
    unit: Annotated[str | None, _option("unit", "UNIT", "intake-unit")] = None,
) -> Answer:
    from workflow.intake.take import take_in
    from workflow.screens.taken import answer_intake, answer_taken, count_taken, draw_taken

    answers = []
    for taken in take_in(context.campaign, words, unit):
        answers.append(answer_taken(context.campaign, taken))
        if not context.as_json:
            context.draw(Answer(answers[-1], draw_taken), sys.stdout)
    refused = any(answer["status"] == "refused" for answer in answers)
    return Answer(answer_intake(answers), count_taken, REFUSED if refused else 0)


@command("submissions")
def submissions(context: CommandContext, status: Status = None) -> Answer:
    from workflow.screens.submissions import list_submissions
    from workflow.screens.tables import draw_submissions

    return Answer(list_submissions(context.campaign, status), draw_submissions)


@command("cases")
def cases(context: CommandContext, state: State = None, unit: UnitName = None, category: Category = None) -> Answer:
    from workflow.screens.cases import list_cases
    from workflow.screens.tables import draw_cases

    return Answer(list_cases(context.campaign, state, unit, category), draw_cases)


@command("show")
def show(context: CommandContext, case: CaseNumber) -> Answer:
    from workflow.screens.case_page import draw_case
    from workflow.screens.cases import show_case

    context.reads(case)
    return Answer(show_case(context.campaign, case), draw_case)


@command("history")
def history(context: CommandContext, case: CaseNumber) -> Answer:
    from workflow.screens.case_history import show_history
    from workflow.screens.case_history_page import draw_history

    context.reads(case)
    return Answer(show_history(context.campaign, case), draw_history)


@command("explain")
def explain(context: CommandContext, case: CaseNumber, trigger: Trigger, reason: Reason = None) -> Answer:
    from workflow.engine.explain import explain as ask
    from workflow.screens.verdict import answer_verdict, draw_verdict

    return Answer(answer_verdict(context.campaign, case, ask(context.campaign, case, trigger, reason)), draw_verdict)


@command("advance")
def advance(  # noqa: PLR0913, PLR0917
    context: CommandContext,
    trigger: Trigger,
    numbers: Annotated[list[str] | None, _argument("CASE…", "case")] = None,
    everything: Annotated[bool, _flag("all")] = False,
    unit: UnitName = None,
    category: Category = None,
    dry_run: Annotated[bool, _flag("dry-run")] = False,
    plan: Annotated[Path | None, _option("plan", "FILE")] = None,
    reason: Reason = None,
    yes: Annotated[bool, _flag("yes")] = False,
    hold: Hold = False,
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


@command("apply")
def apply(context: CommandContext, file: Annotated[Path, _argument("FILE", "plan-file")], hold: Hold = False) -> Answer:
    from workflow.engine.agreement import carry_out_plan

    return _batch(context, carry_out_plan(context.campaign, file, hold))


@command("undo")
def undo(context: CommandContext, batch: Batch, reason: Reason = None, hold: Hold = False) -> Answer:
    from workflow.engine.undo import undo as take_back

    return _batch(context, take_back(context.campaign, batch, reason, hold))


def _batch(context: CommandContext, report: "BatchReport") -> Answer:
    from workflow.screens.batch import answer_report
    from workflow.screens.batch_page import draw_batch_of

    return Answer(
        answer_report(context.campaign, report), draw_batch_of(context.campaign), REFUSED if report.refused else 0
    )


def _sheets(name: str, kind: str) -> None:
    """The two commands of one kind of sheet: take it in filled, write it to fill."""
    group = _group(name)

    @command("import", group)
    def take(context: CommandContext, file: Annotated[Path, _argument("FILE", "sheet")]) -> Answer:
        from workflow.review import import_sheet
        from workflow.screens.sheet_import import answer_import, draw_import

        answer = answer_import(context.campaign, import_sheet(context.campaign, kind, file))
        return Answer(answer, draw_import, REFUSED if answer["refused"] else 0)

    @command("template", group)
    def template(context: CommandContext, file: Annotated[Path, _argument("FILE", "new-sheet")]) -> Answer:
        from workflow.review import write_template

        return Answer(
            {"file": str(file), "cases": write_template(context.campaign, kind, file)}, saying("template.done")
        )


_sheets("review", "reviews")
_sheets("scores", "scores")
_sheets("surveys", "surveys")


@command("ranking")
def ranking(context: CommandContext) -> Answer:
    from workflow.review.ranking import read_ranking
    from workflow.screens.ranking import answer_ranking
    from workflow.screens.tables import draw_ranking

    return Answer(answer_ranking(read_ranking(context.campaign)), draw_ranking)


mail = _group("mail")


@command("list", mail)
def list_mail(context: CommandContext, state: LetterState = None) -> Answer:
    from workflow.screens.letters import list_letters
    from workflow.screens.mail_pause import draw_outbox_of

    return Answer(list_letters(context.campaign, state), draw_outbox_of(context.campaign))


@command("preview", mail)
def preview_mail(
    context: CommandContext,
    letter: Annotated[int, _argument("ID", "letter", min=1, max=GREATEST)],
    html: Annotated[Path | None, _option("html", "FILE", "letter-html")] = None,
) -> Answer:
    from workflow.screens.letters import keep_html, read_letter
    from workflow.screens.tables import draw_letter

    answer = read_letter(context.campaign, letter)
    if html is not None:
        keep_html(answer, html)
    return Answer(answer, draw_letter)


@command("send", mail)
def send_mail(
    context: CommandContext,
    only: Annotated[list[int] | None, _option("only", "ID", min=1, max=GREATEST)] = None,
    batch: OfBatch = None,
    unit: Annotated[str | None, _option("unit", "UNIT", "letters-to-unit")] = None,
) -> Answer:
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
def retry_mail(
    context: CommandContext, ids: Annotated[list[int], _argument("ID…", "letter", min=1, max=GREATEST)]
) -> Answer:
    from workflow.post.handling import retry

    return _letters(context, retry(context.campaign, ids))


@command("hold", mail)
def hold_mail(context: CommandContext, ids: LetterIds = None, batch: OfBatch = None) -> Answer:
    from workflow.post.handling import hold

    return _letters(context, hold(context.campaign, ids or [], batch))


@command("release", mail)
def release_mail(context: CommandContext, ids: LetterIds = None, batch: OfBatch = None) -> Answer:
    from workflow.post.handling import release

    return _letters(context, release(context.campaign, ids or [], batch))


@command("cancel", mail)
def cancel_mail(context: CommandContext, ids: LetterIds = None, batch: OfBatch = None, reason: Reason = None) -> Answer:
    from workflow.post.handling import cancel

    return _letters(context, cancel(context.campaign, ids or [], batch, reason))


def _letters(context: CommandContext, ids: list[int]) -> Answer:
    from workflow.screens.letters import list_letters
    from workflow.screens.tables import draw_letters

    return Answer(list_letters(context.campaign, ids=set(ids)), draw_letters)


@command("pause", mail)
def pause_mail(context: CommandContext, reason: Reason = None) -> Answer:
    from workflow.post.mail_pause import pause
    from workflow.screens.mail_pause import answer_pause, say_paused

    return Answer(answer_pause(pause(context.campaign, reason)), say_paused)


@command("resume", mail)
def resume_mail(context: CommandContext) -> Answer:
    from workflow.post.mail_pause import resume
    from workflow.screens.mail_pause import answer_pause

    return Answer(answer_pause(resume(context.campaign)), saying("mail.resumed"))


templates = _group("templates", mail)


@command("check", templates)
def check_mail_templates(
    context: CommandContext, file: Annotated[Path | None, _argument("FILE", "templates-file")] = None
) -> Answer:
    from workflow.edition import find
    from workflow.screens.templates import check_templates, draw_templates

    edition = find(str(file)) if file else context.campaign.edition
    answer = check_templates(edition, str(file or edition.name))
    return Answer(answer, draw_templates, FAILED if any(template["problems"] for template in answer) else 0)


@command("bounces", mail)
def mail_bounces(
    context: CommandContext, words: Annotated[list[Any], _argument("PATH…", "bounce-paths", parser=_place)]
) -> Answer:
    from workflow.intake.bounces import take_bounces
    from workflow.screens.bounces import answer_bounces, draw_bounces

    answer = answer_bounces(take_bounces(context.campaign, words))
    return Answer(answer, draw_bounces, REFUSED if any(report["outcome"] == "unknown" for report in answer) else 0)


audit = _group("audit")


@command("log", audit)
def audit_log(  # noqa: PLR0913, PLR0917
    context: CommandContext,
    case: Annotated[str | None, _option("case", "CASE")] = None,
    unit: Annotated[str | None, _option("unit", "UNIT", "log-unit")] = None,
    actor: Annotated[str | None, _option("actor", "ACCOUNT")] = None,
    batch: Annotated[int | None, _option("batch", "BATCH", min=1, max=GREATEST)] = None,
    kind: Kind = None,
    outcome: Annotated[str | None, _option("outcome", "OUTCOME")] = None,
    since: Annotated[str | None, _option("since", "DAY|TIME")] = None,
    until: Annotated[str | None, _option("until", "DAY|TIME", "log-until")] = None,
) -> Answer:
    from workflow.screens.event_page import draw_events
    from workflow.screens.history import list_events

    context.reads(case)
    events = list_events(context.campaign, case, batch, kind, unit, actor, outcome, since, until)
    return Answer(events, draw_events)


@command("verify", audit)
def audit_verify(
    context: CommandContext,
    checkpoint: Annotated[list[Path] | None, _option("checkpoint", "FILE")] = None,
    key: Annotated[Path | None, _option("key", "FILE", "public-key")] = None,
) -> Answer:
    from workflow.screens.case_page import draw_verification
    from workflow.screens.history import verify_history

    answer = verify_history(context.campaign, checkpoint or [], key)
    return Answer(answer, draw_verification, 0 if answer["ok"] else NOT_VERIFIED)


@command("redact", audit)
def audit_redact(
    context: CommandContext,
    case: CaseNumber,
    field: Annotated[list[str] | None, _option("field", "FIELD")] = None,
    reason: Reason = None,
    originals: Annotated[bool, typer.Option("--originals", help=_help("erase-originals"))] = False,
) -> Answer:
    from workflow.engine.redaction import redact
    from workflow.screens.redaction import answer_erased, draw_redaction

    return Answer(answer_erased(redact(context.campaign, case, field or [], reason, originals)), draw_redaction)


@command("keygen", audit)
def audit_keygen(context: CommandContext, file: Annotated[Path | None, _argument("FILE", "key-file")] = None) -> Answer:
    from workflow.engine.notary import make_signing_key
    from workflow.screens.trust import answer_key, choose_key_file, draw_key

    chosen = choose_key_file(context.campaign, file)
    return Answer(answer_key(chosen, make_signing_key(context.campaign, chosen)), draw_key)


@command("checkpoint", audit)
def audit_checkpoint(
    context: CommandContext, file: Annotated[Path | None, _argument("FILE", "checkpoint-file")] = None
) -> Answer:
    from workflow.engine.notary import seal
    from workflow.publish.handed_out import hand_out
    from workflow.screens.trust import answer_checkpoint, draw_checkpoint

    answer = answer_checkpoint(seal(context.campaign))
    hand_out(answer["note"], file)
    return Answer(answer, draw_checkpoint)


@command("prove", audit)
def audit_prove(
    context: CommandContext,
    event: Annotated[int, _argument("EVENT", "event", min=1, max=GREATEST)],
    file: Annotated[Path | None, _argument("FILE", "proof-file")] = None,
) -> Answer:
    from workflow.engine.notary import prove
    from workflow.publish.handed_out import hand_out
    from workflow.screens.trust import answer_proof, draw_proof

    answer = answer_proof(event, prove(context.campaign, event))
    hand_out(answer["proof"], file)
    return Answer(answer, draw_proof)


@command("consistency", audit)
def audit_consistency(
    context: CommandContext,
    old: Annotated[str, _argument("OLD", "old-checkpoint")],
    new: Annotated[str, _argument("NEW", "new-checkpoint")],
) -> Answer:
    from workflow.engine.notary import prove_consistency
    from workflow.screens.trust import answer_consistency, draw_consistency

    return Answer(answer_consistency(*prove_consistency(context.campaign, old, new)), draw_consistency)


@command("export", audit)
def audit_export(context: CommandContext, folder: Annotated[Path, _argument("FOLDER", "bundle-folder")]) -> Answer:
    from workflow.publish.bundle.folder import export

    return Answer(export(context.campaign, folder), saying("bundle.done"))


@command("as-of", audit)
def audit_as_of(
    context: CommandContext,
    time: Annotated[str, _argument("TIME", "as-of-time")],
    case: Annotated[str | None, _argument("CASE", "case")] = None,
    unit: Annotated[str | None, _option("unit", "UNIT", "as-of-unit")] = None,
    ranking: Annotated[bool, typer.Option("--ranking", help=_help("as-of-ranking"))] = False,
) -> Answer:
    from workflow.screens.as_of import answer_as_of

    return answer_as_of(context.campaign, time, case, unit, ranking)


@command("diff", audit)
def audit_diff(
    context: CommandContext,
    since: Annotated[str, _argument("T1", "as-of-time")],
    until: Annotated[str, _argument("T2", "as-of-time")],
) -> Answer:
    from workflow.screens.difference import list_changes
    from workflow.screens.difference_page import draw_changes

    return Answer(list_changes(context.campaign, since, until), draw_changes)


@command("tick")
def tick(context: CommandContext, dry_run: Annotated[bool, _flag("dry-run")] = False) -> Answer:
    from workflow.deadlines.tick import tick_once
    from workflow.screens.clock_page import draw_tick, draw_tick_ahead
    from workflow.screens.firings import answer_tick

    ticked = tick_once(context.campaign, dry_run)
    draw = draw_tick_ahead if dry_run else draw_tick
    return Answer(answer_tick(context.campaign, *ticked), draw, REFUSED if ticked.refused else 0)


@command("watch")
def watch(context: CommandContext) -> Answer:
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
def doctor(context: CommandContext) -> Answer:
    from workflow.deadlines.doctor import examine
    from workflow.screens.clock_page import draw_health
    from workflow.screens.firings import answer_health

    answer = answer_health(examine(context.campaign))
    return Answer(answer, draw_health, 0 if answer["ok"] else NOT_VERIFIED)


calendar = _group("calendar")


@command("show", calendar)
def show_calendar(
    context: CommandContext,
    svg: Annotated[Path | None, _option("svg", "FILE")] = None,
    html: Annotated[Path | None, _option("html", "FILE")] = None,
) -> Answer:
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
    context: CommandContext,
    window: Window,
    until: Annotated[str, _option("until", "DAY|TIME")],
    unit: UnitName = None,
    reason: Reason = None,
    force: Annotated[bool, _flag("force")] = False,
) -> Answer:
    from workflow.deadlines.amendment import extend
    from workflow.edition.moment import read_until
    from workflow.screens.calendar import answer_amended
    from workflow.screens.clock_page import draw_amended

    moment = read_until(until, context.campaign.edition.zone)
    return Answer(answer_amended(extend(context.campaign, window, moment, unit, reason, force)), draw_amended)


@command("export", calendar)
def export_calendar(context: CommandContext, file: Annotated[Path, _argument("FILE", "ics-file")]) -> Answer:
    from workflow.deadlines.agenda import read_agenda
    from workflow.publish.icalendar import PROGRAM, write_icalendar

    agenda = read_agenda(context.campaign)
    context.keep(file, agenda, lambda _renderer, agenda: write_icalendar(context.campaign, agenda), PROGRAM)
    return Answer({"file": str(file), "deadlines": len(agenda.appointments)}, saying("calendar.exported"))


@command("rehearse")
def rehearse(
    context: CommandContext,
    start: Annotated[str | None, _option("from", "TIME", "rehearse-from")] = None,
    end: Annotated[str | None, _option("to", "TIME", "rehearse-to")] = None,
    step: Annotated[int, _option("step", "HOURS", "rehearse-step", min=1, max=8784)] = 24,
) -> Answer:
    from workflow.deadlines.rehearsal import rehearse_as_asked
    from workflow.screens.clock_page import draw_ahead
    from workflow.screens.firings import answer_tick

    fired = rehearse_as_asked(context.campaign, start, end, step)
    return Answer(answer_tick(context.campaign, fired, None), draw_ahead)


staff = _group("staff")


@command("add", staff)
def staff_add(
    context: CommandContext,
    login: Annotated[str, _argument("LOGIN", "login")],
    role: Annotated[str, _argument("ROLE", "role")],
) -> Answer:
    from workflow.engine.staff import add

    granted = add(context.campaign, login, role)
    return Answer(
        {"account": login, "role": role, "granted": granted},
        saying("staff.added-ungranted" if granted is False else "staff.added"),
    )


@command("list", staff)
def staff_list(context: CommandContext) -> Answer:
    from workflow.screens.staff import draw_staff, list_staff

    return Answer(list_staff(context.campaign), draw_staff)


db = _group("db")


@command("upgrade", db)
def upgrade_database(context: CommandContext) -> Answer:
    from workflow.engine.upkeep import upgrade
    from workflow.screens.founded import answer_campaign

    upgrade(context.settings)
    return Answer(answer_campaign(context.campaign), saying("db.upgraded"))


@command("backup", db)
def back_up_database(context: CommandContext, folder: Annotated[Path, _argument("TO", "backup-folder")]) -> Answer:
    from workflow.engine.backup import back_up
    from workflow.screens.backup import answer_copied, draw_backup

    answer = answer_copied(back_up(context.campaign, folder), LANGUAGE)
    return Answer(answer, draw_backup, 0 if answer["ok"] else NOT_VERIFIED)


@command("restore", db)
def restore_database(context: CommandContext, folder: Annotated[Path, _argument("FROM", "restore-folder")]) -> Answer:
    from workflow.engine.backup import restore
    from workflow.screens.backup import answer_copied, draw_restored

    answer = answer_copied(restore(context.settings, folder), LANGUAGE)
    return Answer(answer, draw_restored, 0 if answer["ok"] else NOT_VERIFIED)


@command("grant", db)
def grant_rights(context: CommandContext) -> Answer:
    from workflow.engine.upkeep import grant
    from workflow.screens.rights import answer_rights, draw_rights

    return Answer(answer_rights(*grant(context.campaign)), draw_rights)


@command("demo")
def demo(
    _context: CommandContext,
    keep: Annotated[Path | None, _option("keep", "FOLDER")] = None,
    count: Annotated[int, _option("cases", "N", "demo-cases", min=1, max=5000)] = 150,
) -> Answer:
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
