"""Tables for people: cases, mails, letters, the ranking, rows of a sheet."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.bounces import warn_of_bounced
from workflow.screens.renderer import Answer, Renderer
from workflow.screens.screen import Verbatim


def draw_cases(renderer: Renderer, cases: Sequence[Answer]) -> RenderableType:
    """One line a case, and how many there are; the applicant only where there is room."""
    applicant = ("applicant",) if renderer.wide else ()
    columns = ("id", "name", *applicant, "unit", "category", "state", "received")
    table = renderer.table(*columns, fixed=("id", "category", "state", "received"))
    for case in cases:
        table.add_row(
            case["id"],
            Text(case["name"]),
            *(Text(case[column]) for column in applicant),
            Text(case["unit"]),
            renderer.join(case["categories"]),
            renderer.name("state", case["state"]),
            renderer.moment(case["received_at"]),
        )
    return Group(*([table] if cases else []), Text(renderer.say("count.cases", count=len(cases))))


def draw_taken(renderer: Renderer, taken: Answer) -> RenderableType:
    """What became of one mail, and what stands in the way of each of its forms."""
    style = {"taken": "green", "duplicate": "dim"}.get(taken["status"], "yellow")
    head = Text(renderer.name("status", taken["status"]), style=style)
    head.append(f"  {taken['file']}  {taken['unit'] or ''}", style="bold")
    parts: list[RenderableType] = [head, *renderer.reasons(taken["reasons"], indent=2)]
    said = {reason["code"] for reason in taken["reasons"]}
    for form in taken["forms"]:
        line = Text(f"  {form['case'] or '—'}  {form['name']}  {form['applicant']}  ")
        complete = form["complete"]
        line.append(
            renderer.say("form.complete" if complete else "form.incomplete"), style="green" if complete else "red"
        )
        of_its_own = [reason for reason in form["reasons"] if reason["code"] not in said]
        parts += [line, *renderer.reasons(of_its_own, indent=4, warnings=False)]
    return Group(*parts)


def count_taken(renderer: Renderer, answer: Answer) -> str:
    """How many mails were looked at, and what became of them."""
    became = Counter(mail["status"] for mail in answer["submissions"])
    if not became:
        return renderer.say("intake.none")
    parts = [f"{renderer.name('status', status)} {count}" for status, count in sorted(became.items())]
    return renderer.say("intake.done", count=len(answer["submissions"]), parts=renderer.join(parts))


def draw_submissions(renderer: Renderer, submissions: Sequence[Answer]) -> RenderableType:
    """One line a mail; under each, what stands in its way."""
    parts: list[RenderableType] = []
    for mail in submissions:
        style = {"taken": "green", "duplicate": "dim"}.get(mail["status"], "yellow")
        head = Text(f"{renderer.moment(mail['received_at']) or '—':16}  ")
        head.append(renderer.name("status", mail["status"]), style=style)
        head.append(f"  {mail['file']}  {mail['unit'] or mail['sender']}")
        parts += [
            head,
            Text(f"  {mail['subject']}", style="dim"),
            *renderer.reasons(mail["reasons"], 2, warnings=False),
        ]
    return Group(*parts, Text(renderer.say("count.mails", count=len(submissions))))


def draw_letters(renderer: Renderer, letters: Sequence[Answer]) -> RenderableType:
    """One line a letter with its fate; beneath, what the other side said of those that did not arrive."""
    fixed = ("letter", "state", "attempts")
    table = renderer.table(
        "letter", "recipient", "subject", "state", "attempts", "cases", fixed=fixed, right=("letter",)
    )
    said: defaultdict[str, list[str]] = defaultdict(list)
    for letter in letters:
        table.add_row(
            str(letter["id"]),
            Text(f"{letter['recipient']}\n{letter['to']}" if renderer.wide else letter["recipient"]),
            Text(letter["subject"]),
            renderer.name("letter", "held" if letter["held"] else letter["state"]),
            str(letter["attempts"]),
            " ".join(letter["cases"]),
        )
        if letter["state"] in ("failed", "unknown", "bounced", "queued") and letter["answer"]:
            said[letter["answer"]].append(str(letter["id"]))
    answers = [Text(f"✗ {renderer.join(ids)}: {answer}", style="red") for answer, ids in said.items()]
    return Group(
        *([table] if letters else []),
        *answers,
        *warn_of_bounced(renderer, letters),
        Text(renderer.say("count.letters", count=len(letters))),
    )


def draw_import(renderer: Renderer, answer: Answer) -> RenderableType:
    """How many rows were taken, and why the others were not."""
    parts: list[RenderableType] = [
        Text(
            renderer.say(
                "import.done", rows=answer["rows"], accepted=answer["accepted"], refused=len(answer["refused"])
            )
        )
    ]
    for refusal in answer["refused"]:
        parts.append(Text(renderer.say("import.row", row=refusal["row"]), style="red"))
        parts += renderer.reasons(refusal["reasons"], indent=2)
    return Group(*parts)


def draw_ranking(renderer: Renderer, ranking: Sequence[Answer]) -> RenderableType:
    """The ranking, best first; who is not among the first fifty is dimmed."""
    fixed = ("rank", "score", "id", "state", "tied")
    table = renderer.table("rank", "score", "id", "name", "unit", "state", "tied", fixed=fixed, right=("rank", "score"))
    for row in ranking:
        table.add_row(
            str(row["rank"]),
            row["score"],
            row["case"],
            Text(row["name"]),
            Text(row["unit"]),
            renderer.name("state", row["state"]),
            "=" if row["tied"] else "",
            style=None if row["within"] else "dim",
        )
    return Group(*([table] if ranking else []), Text(renderer.say("count.cases", count=len(ranking))))


_FOR_SERVERS = {"DKIM-Signature", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}


def draw_letter(renderer: Renderer, letter: Answer) -> RenderableType:
    """A letter as its reader sees it, in the lines it is sent in; then its headers exactly as they travel."""
    shown = (f"{name}: {value}" for name, value in letter["headers"].items() if name not in _FOR_SERVERS)
    lines = [*shown, "", letter["body"], ""]
    lines += [renderer.say("letter.attachment", file=file) + "\n" for file in letter["attachments"]]
    lines += [renderer.say("letter.head"), "", letter["head"], ""]
    return Verbatim("\n".join(lines))
