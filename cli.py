"""The door. Reads words, calls one function, prints. Decides nothing."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from workflow.wording import choose_language, say, say_error, teach_typer


def _asked_language(words: list[str]) -> str | None:
    for place, word in enumerate(words):
        if word == "--lang":
            return words[place + 1] if place + 1 < len(words) else None
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


LANGUAGE = choose_language(_asked_language(sys.argv[1:]), os.environ)
teach_typer(LANGUAGE)

import orjson  # noqa: E402
import typer  # noqa: E402
from rich.console import Console  # noqa: E402

from workflow.errors import AnliError, ReasonNeeded  # noqa: E402
from workflow.settings import Settings, gather  # noqa: E402

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)
REFUSED = 3
NOT_VERIFIED = 4


def _help(key: str) -> str:
    return say(f"help.{key}", LANGUAGE)


def _group(name: str) -> typer.Typer:
    group = typer.Typer(no_args_is_help=True, help=_help(name), rich_markup_mode=None)
    app.add_typer(group, name=name)
    return group


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help=_help("anli"),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
review = _group("review")
scores = _group("scores")
surveys = _group("surveys")
mail = _group("mail")
audit = _group("audit")
db = _group("db")

Json = Annotated[bool, typer.Option("--json", help=_help("json"))]
Yes = Annotated[bool, typer.Option("--yes", help=_help("yes"))]
Reason = Annotated[str | None, typer.Option("--reason", help=_help("reason"))]
UnitName = Annotated[str | None, typer.Option("--unit", help=_help("unit"))]
Category = Annotated[int | None, typer.Option("--category", help=_help("category"))]
CaseNumber = Annotated[str, typer.Argument(metavar="CASE", help=_help("case"))]
Sheet = Annotated[Path, typer.Argument(metavar="FILE", help=_help("sheet"))]


@app.callback()
def settle(
    context: typer.Context,
    database: Annotated[str | None, typer.Option("--db", metavar="URL", help=_help("db-url"))] = None,
    now: Annotated[str | None, typer.Option("--now", metavar="TIME", help=_help("now"))] = None,
    language: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help=_help("lang"))] = None,  # noqa: ARG001
) -> None:
    context.obj = gather(database, now, LANGUAGE)


def _print(document: Any, draw: Callable[[], Any], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        OUT.print(draw())


def _campaign(context: typer.Context) -> Any:
    from workflow.engine.campaign import resume

    settings: Settings = context.obj
    return resume(settings)


def _tables(campaign: Any) -> Any:
    from workflow.publish.tables import Draughtsman

    return Draughtsman(LANGUAGE, campaign.edition.zone)


@app.command(help=_help("init"))
def init(
    context: typer.Context,
    edition: Annotated[str, typer.Option("--edition", metavar="NAME|FILE", help=_help("edition"))] = "hubei-2024",
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help=_help("rehearsal"))] = False,
    as_json: Json = False,
) -> None:
    from workflow.edition import find
    from workflow.engine.campaign import found
    from workflow.store.database import show_url

    campaign = found(context.obj, find(edition), rehearsal)
    answer = {
        "edition": campaign.edition.name,
        "sha256": campaign.edition.sha256,
        "rehearsal": campaign.rehearsal,
        "database": show_url(campaign.engine),
    }
    _print(answer, lambda: say("init.done", LANGUAGE, **answer), as_json)


@app.command(help=_help("intake"))
def intake(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=_help("paths"))],
    unit: Annotated[str | None, typer.Option("--unit", help=_help("intake-unit"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.intake.take import take_in
    from workflow.publish.answers import answer_taken

    campaign = _campaign(context)
    tables = _tables(campaign)
    answers = []
    for taken in take_in(campaign, paths, unit):
        answers.append(answer_taken(campaign, taken))
        if not as_json:
            OUT.print(tables.draw_taken(answers[-1]))
    _print({"submissions": answers}, lambda: say("intake.done", LANGUAGE, count=len(answers)), as_json)
    if any(answer["status"] == "refused" for answer in answers):
        raise typer.Exit(REFUSED)


@app.command(help=_help("submissions"))
def submissions(
    context: typer.Context,
    status: Annotated[str | None, typer.Option("--status", help=_help("status"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.publish.submissions import list_submissions

    campaign = _campaign(context)
    listed = list_submissions(campaign, status)
    _print(listed, lambda: _tables(campaign).draw_submissions(listed), as_json)


@app.command(help=_help("cases"))
def cases(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help=_help("state"))] = None,
    unit: UnitName = None,
    category: Category = None,
    as_json: Json = False,
) -> None:
    from workflow.publish.cases import list_cases

    campaign = _campaign(context)
    listed = list_cases(campaign, state, unit, category)
    _print(listed, lambda: _tables(campaign).draw_cases(listed), as_json)


@app.command(help=_help("show"))
def show(context: typer.Context, case: CaseNumber, as_json: Json = False) -> None:
    from workflow.publish.cases import show_case

    campaign = _campaign(context)
    shown = show_case(campaign, case)
    _print(shown, lambda: _tables(campaign).draw_case(shown), as_json)


@app.command(help=_help("explain"))
def explain(
    context: typer.Context,
    case: CaseNumber,
    trigger: Annotated[str, typer.Argument(metavar="TRIGGER", help=_help("trigger"))],
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    from workflow.engine.explain import explain as ask
    from workflow.publish.answers import answer_verdict

    campaign = _campaign(context)
    answer = answer_verdict(campaign, case, ask(campaign, case, trigger, reason))
    _print(answer, lambda: _tables(campaign).draw_verdict(answer), as_json)


@app.command(help=_help("advance"))
def advance(
    context: typer.Context,
    trigger: Annotated[str, typer.Argument(metavar="TRIGGER", help=_help("trigger"))],
    numbers: Annotated[list[str] | None, typer.Argument(metavar="CASE…", help=_help("case"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=_help("all"))] = False,
    unit: UnitName = None,
    category: Category = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_help("dry-run"))] = False,
    plan: Annotated[Path | None, typer.Option("--plan", metavar="FILE", help=_help("plan"))] = None,
    reason: Reason = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    from workflow.engine.apply import advance as move
    from workflow.engine.apply import preview
    from workflow.engine.saved_plan import save
    from workflow.engine.selection import select

    campaign = _campaign(context)
    selection = select(campaign.edition, trigger, numbers or [], everything, unit, category)
    if yes and not dry_run and plan is None:
        _finish(campaign, move(campaign, trigger, selection, reason), as_json)
        return
    proposed, fingerprints = preview(campaign, trigger, selection, reason)
    if plan is not None:
        save(plan, campaign, selection, reason, proposed, fingerprints)
    if dry_run or plan is not None:
        _finish(campaign, proposed, as_json)
        return
    _confirm(campaign, proposed)
    _finish(campaign, move(campaign, trigger, selection, reason, fingerprints), as_json)


@app.command(help=_help("apply"))
def apply(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_help("plan-file"))],
    as_json: Json = False,
) -> None:
    from workflow.engine.apply import advance as move
    from workflow.engine.saved_plan import load

    campaign = _campaign(context)
    saved = load(file, campaign)
    _finish(campaign, move(campaign, saved.trigger, saved.selection, saved.why, saved.fingerprints), as_json)


@app.command(help=_help("undo"))
def undo(
    context: typer.Context,
    batch: Annotated[int, typer.Argument(metavar="BATCH", help=_help("batch"))],
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    from workflow.engine.undo import undo as take_back

    if not reason:
        raise ReasonNeeded(command="undo")
    campaign = _campaign(context)
    _finish(campaign, take_back(campaign, batch, reason), as_json)


def _finish(campaign: Any, report: Any, as_json: bool) -> None:
    from workflow.publish.answers import answer_report

    answer = answer_report(campaign, report)
    _print(answer, lambda: _draw_report(campaign, answer), as_json)
    if report.refused:
        raise typer.Exit(REFUSED)


def _draw_report(campaign: Any, answer: dict[str, Any]) -> Any:
    from workflow.publish.cases import list_cases

    names = {case["id"]: case for case in list_cases(campaign)}
    return _tables(campaign).draw_report(answer, names)


def _confirm(campaign: Any, report: Any) -> None:
    """Show every case, verdict and letter on standard error, and go on only at a yes."""
    from workflow.publish.answers import answer_report

    ERR.print(_draw_report(campaign, answer_report(campaign, report)))
    ERR.print(say("confirm.question", LANGUAGE), end=" ")
    answer = sys.stdin.readline().strip().lower()
    if answer not in ("y", "yes", "是", "确认", "确定"):
        ERR.print(say("confirm.no", LANGUAGE))
        raise typer.Exit(1)


def _import(context: typer.Context, take: Callable[[Any, Path], Any], file: Path, as_json: bool) -> None:
    from workflow.publish.answers import answer_reasons

    campaign = _campaign(context)
    report = take(campaign, file)
    refused = [{"row": row, "reasons": answer_reasons(campaign, reasons)} for row, reasons in report.refused]
    answer = {"rows": report.rows, "accepted": report.accepted, "refused": refused}
    _print(answer, lambda: _tables(campaign).draw_import(answer), as_json)
    if answer["refused"]:
        raise typer.Exit(REFUSED)


def _template(context: typer.Context, kind: str, file: Path) -> None:
    from workflow.review.template import write_template

    write_template(_campaign(context), kind, file)
    ERR.print(say("template.done", LANGUAGE, file=str(file)))


@review.command("import", help=_help("review-import"))
def import_reviews(context: typer.Context, file: Sheet, as_json: Json = False) -> None:
    from workflow.review.reviews import import_reviews as take

    _import(context, take, file, as_json)


@review.command("template", help=_help("review-template"))
def review_template(context: typer.Context, file: Sheet) -> None:
    _template(context, "reviews", file)


@scores.command("import", help=_help("scores-import"))
def import_scores(context: typer.Context, file: Sheet, as_json: Json = False) -> None:
    from workflow.review.scores import import_scores as take

    _import(context, take, file, as_json)


@scores.command("template", help=_help("scores-template"))
def scores_template(context: typer.Context, file: Sheet) -> None:
    _template(context, "scores", file)


@surveys.command("import", help=_help("surveys-import"))
def import_surveys(context: typer.Context, file: Sheet, as_json: Json = False) -> None:
    from workflow.review.surveys import import_surveys as take

    _import(context, take, file, as_json)


@surveys.command("template", help=_help("surveys-template"))
def surveys_template(context: typer.Context, file: Sheet) -> None:
    _template(context, "surveys", file)


@app.command(help=_help("ranking"))
def ranking(context: typer.Context, as_json: Json = False) -> None:
    from workflow.review.ranking import read_ranking

    campaign = _campaign(context)
    ranked = [row._asdict() for row in read_ranking(campaign)]
    _print(ranked, lambda: _tables(campaign).draw_ranking(ranked), as_json)


@mail.command("list", help=_help("mail-list"))
def list_mail(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help=_help("letter-state"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.publish.letters import list_letters

    campaign = _campaign(context)
    letters = list_letters(campaign, state)
    _print(letters, lambda: _tables(campaign).draw_letters(letters), as_json)


@mail.command("preview", help=_help("mail-preview"))
def preview_mail(
    context: typer.Context,
    letter: Annotated[int, typer.Argument(metavar="ID", help=_help("letter"))],
    as_json: Json = False,
) -> None:
    from rich.text import Text

    from workflow.publish.letters import read_letter

    shown = read_letter(_campaign(context), letter)
    lines = [f"{name}: {value}" for name, value in shown["headers"].items()]
    _print(shown, lambda: Text("\n".join([*lines, "", shown["body"]])), as_json)


@mail.command("send", help=_help("mail-send"))
def send_mail(context: typer.Context, as_json: Json = False) -> None:
    from workflow.engine.dispatch import send
    from workflow.publish.letters import list_letters

    campaign = _campaign(context)
    with _progress() as advance_bar:
        fates = send(campaign, os.environ.get("ANLI_MAIL_PASSWORD_FILE"), lambda _fate: advance_bar())
    tried = {fate.letter.id for fate in fates}
    letters = [letter for letter in list_letters(campaign) if letter["id"] in tried]
    _print(letters, lambda: _tables(campaign).draw_letters(letters), as_json)
    if any(letter["state"] != "sent" for letter in letters):
        raise typer.Exit(REFUSED)


@mail.command("retry", help=_help("mail-retry"))
def retry_mail(
    context: typer.Context,
    letters: Annotated[list[int], typer.Argument(metavar="ID…", help=_help("letter"))],
    as_json: Json = False,
) -> None:
    from workflow.engine.dispatch import retry

    queued = retry(_campaign(context), letters)
    _print({"queued": queued}, lambda: say("mail.queued", LANGUAGE, letters=queued), as_json)


@contextmanager
def _progress() -> Iterator[Callable[[], None]]:
    from rich.progress import Progress

    with Progress(console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        task = progress.add_task(say("mail.sending", LANGUAGE), total=None)
        yield lambda: progress.advance(task)


@audit.command("log", help=_help("audit-log"))
def audit_log(
    context: typer.Context,
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help=_help("case"))] = None,
    batch: Annotated[int | None, typer.Option("--batch", metavar="BATCH", help=_help("batch"))] = None,
    kind: Annotated[str | None, typer.Option("--kind", help=_help("kind"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.publish.history import list_events

    campaign = _campaign(context)
    events = list_events(campaign, case, batch, kind)
    _print(events, lambda: _tables(campaign).draw_events(events), as_json)


@audit.command("verify", help=_help("audit-verify"))
def audit_verify(context: typer.Context, as_json: Json = False) -> None:
    from workflow.publish.history import verify_history

    campaign = _campaign(context)
    answer = verify_history(campaign)
    _print(answer, lambda: _tables(campaign).draw_verification(answer), as_json)
    if not answer["ok"]:
        raise typer.Exit(NOT_VERIFIED)


@audit.command("as-of", help=_help("audit-as-of"))
def audit_as_of(
    context: typer.Context,
    time: Annotated[str, typer.Argument(metavar="TIME", help=_help("as-of-time"))],
    case: Annotated[str | None, typer.Argument(metavar="CASE", help=_help("case"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.publish.history import list_as_of

    campaign = _campaign(context)
    stood = list_as_of(campaign, time, case)
    _print(stood, lambda: _tables(campaign).draw_as_of(stood), as_json)


@db.command("upgrade", help=_help("db-upgrade"))
def upgrade_database(context: typer.Context) -> None:
    from workflow.engine.campaign import upgrade

    upgrade(context.obj)
    ERR.print(say("db.upgraded", LANGUAGE))


@app.command(help=_help("demo"))
def demo(
    keep: Annotated[Path | None, typer.Option("--keep", metavar="FOLDER", help=_help("keep"))] = None,
    count: Annotated[int, typer.Option("--cases", metavar="N", min=1, max=5000, help=_help("demo-cases"))] = 150,
    as_json: Json = False,
) -> None:
    from workflow.demo.season import play

    summary = play(keep, count, LANGUAGE, lambda line: ERR.print(line))
    _print(summary.answer(), summary.draw, as_json)


def main() -> None:
    """Run the command; every error a person can act on becomes one sentence and its exit status."""
    try:
        app(prog_name="anli")
    except AnliError as error:
        ERR.print(say("error.prefix", LANGUAGE, sentence=say_error(error, LANGUAGE)), style="red", markup=False)
        sys.exit(error.exit_status)
    except Exception as error:  # noqa: BLE001
        if os.environ.get("ANLI_DEBUG"):
            raise
        ERR.print(say("error.unexpected", LANGUAGE, kind=type(error).__name__, said=error), style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
