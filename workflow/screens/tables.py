"""Tables for people: cases, mails, letters, the ranking, rows of a sheet."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.bounces import warn_of_bounced
from workflow.screens.pen import Answer, Pen
from workflow.screens.screen import Verbatim


def draw_cases(pen: Pen, cases: Sequence[Answer]) -> RenderableType:
    """One line a case, and how many there are; the applicant only where there is room."""
    applicant = ("applicant",) if pen.wide else ()
    columns = ("id", "name", *applicant, "unit", "category", "state", "received")
    table = pen.table(*columns, fixed=("id", "category", "state", "received"))
    for case in cases:
        table.add_row(
            case["id"],
            Text(case["name"]),
            *(Text(case[column]) for column in applicant),
            Text(case["unit"]),
            pen.join(case["categories"]),
            pen.name("state", case["state"]),
            pen.moment(case["received_at"]),
        )
    return Group(*([table] if cases else []), Text(pen.say("count.cases", count=len(cases))))


def draw_taken(pen: Pen, taken: Answer) -> RenderableType:
    """What became of one mail, and what stands in the way of each of its forms."""
    style = {"taken": "green", "duplicate": "dim"}.get(taken["status"], "yellow")
    head = Text(pen.name("status", taken["status"]), style=style)
    head.append(f"  {taken['file']}  {taken['unit'] or ''}", style="bold")
    parts: list[RenderableType] = [head, *pen.reasons(taken["reasons"], indent=2)]
    said = {reason["code"] for reason in taken["reasons"]}
    for form in taken["forms"]:
        line = Text(f"  {form['case'] or '—'}  {form['name']}  {form['applicant']}  ")
        complete = form["complete"]
        line.append(pen.say("form.complete" if complete else "form.incomplete"), style="green" if complete else "red")
        of_its_own = [reason for reason in form["reasons"] if reason["code"] not in said]
        parts += [line, *pen.reasons(of_its_own, indent=4, warnings=False)]
    return Group(*parts)


def count_taken(pen: Pen, answer: Answer) -> str:
    """How many mails were looked at, and what became of them."""
    became = Counter(mail["status"] for mail in answer["submissions"])
    if not became:
        return pen.say("intake.none")
    parts = [f"{pen.name('status', status)} {count}" for status, count in sorted(became.items())]
    return pen.say("intake.done", count=len(answer["submissions"]), parts=pen.join(parts))


def draw_submissions(pen: Pen, submissions: Sequence[Answer]) -> RenderableType:
    """One line a mail; under each, what stands in its way."""
    parts: list[RenderableType] = []
    for mail in submissions:
        style = {"taken": "green", "duplicate": "dim"}.get(mail["status"], "yellow")
        head = Text(f"{pen.moment(mail['received_at']) or '—':16}  ")
        head.append(pen.name("status", mail["status"]), style=style)
        head.append(f"  {mail['file']}  {mail['unit'] or mail['sender']}")
        parts += [head, Text(f"  {mail['subject']}", style="dim"), *pen.reasons(mail["reasons"], 2, warnings=False)]
    return Group(*parts, Text(pen.say("count.mails", count=len(submissions))))


def draw_letters(pen: Pen, letters: Sequence[Answer]) -> RenderableType:
    """One line a letter with its fate; beneath, what the other side said of those that did not arrive."""
    fixed = ("letter", "state", "attempts")
    table = pen.table("letter", "recipient", "subject", "state", "attempts", "cases", fixed=fixed, right=("letter",))
    said: defaultdict[str, list[str]] = defaultdict(list)
    for letter in letters:
        table.add_row(
            str(letter["id"]),
            Text(f"{letter['recipient']}\n{letter['to']}" if pen.wide else letter["recipient"]),
            Text(letter["subject"]),
            pen.name("letter", "held" if letter["held"] else letter["state"]),
            str(letter["attempts"]),
            " ".join(letter["cases"]),
        )
        if letter["state"] in ("failed", "unknown", "bounced", "queued") and letter["answer"]:
            said[letter["answer"]].append(str(letter["id"]))
    answers = [Text(f"✗ {pen.join(ids)}: {answer}", style="red") for answer, ids in said.items()]
    return Group(
        *([table] if letters else []),
        *answers,
        *warn_of_bounced(pen, letters),
        Text(pen.say("count.letters", count=len(letters))),
    )


def draw_import(pen: Pen, answer: Answer) -> RenderableType:
    """How many rows were taken, and why the others were not."""
    parts: list[RenderableType] = [
        Text(pen.say("import.done", rows=answer["rows"], accepted=answer["accepted"], refused=len(answer["refused"])))
    ]
    for refusal in answer["refused"]:
        parts.append(Text(pen.say("import.row", row=refusal["row"]), style="red"))
        parts += pen.reasons(refusal["reasons"], indent=2)
    return Group(*parts)


def draw_ranking(pen: Pen, ranking: Sequence[Answer]) -> RenderableType:
    """The ranking, best first; who is not among the first fifty is dimmed."""
    fixed = ("rank", "score", "id", "state", "tied")
    table = pen.table("rank", "score", "id", "name", "unit", "state", "tied", fixed=fixed, right=("rank", "score"))
    for row in ranking:
        table.add_row(
            str(row["rank"]),
            row["score"],
            row["case"],
            Text(row["name"]),
            Text(row["unit"]),
            pen.name("state", row["state"]),
            "=" if row["tied"] else "",
            style=None if row["within"] else "dim",
        )
    return Group(*([table] if ranking else []), Text(pen.say("count.cases", count=len(ranking))))


_FOR_SERVERS = {"DKIM-Signature", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}


def draw_letter(pen: Pen, letter: Answer) -> RenderableType:
    """A letter as its reader sees it, in the lines it is sent in; then its headers exactly as they travel."""
    shown = (f"{name}: {value}" for name, value in letter["headers"].items() if name not in _FOR_SERVERS)
    lines = [*shown, "", letter["body"], ""]
    lines += [pen.say("letter.attachment", file=file) + "\n" for file in letter["attachments"]]
    lines += [pen.say("letter.head"), "", letter["head"], ""]
    return Verbatim("\n".join(lines))
