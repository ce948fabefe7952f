"""Tables for people: cases, mails, letters, the ranking."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.screens.batch import BatchLetterDocument
from workflow.screens.cases import CaseDocument
from workflow.screens.letters import LetterDocument, WholeLetterDocument
from workflow.screens.ranking import RankedDocument
from workflow.screens.renderer import Renderer
from workflow.screens.screen import Verbatim
from workflow.screens.submissions import SubmissionDocument


def draw_cases(renderer: Renderer, cases: Sequence[CaseDocument]) -> RenderableType:
    """One line a case, and how many there are; the applicant only where there is room."""
    applicant = ("applicant",) if renderer.wide else ()
    columns = ("id", "name", *applicant, "unit", "category", "state", "received")
    table = renderer.table(*columns, fixed=("id", "category", "state", "received"))
    for case in cases:
        table.add_row(
            case["id"],
            Text(case["name"]),
            *((Text(case["applicant"]),) if applicant else ()),
            Text(case["unit"]),
            renderer.join(case["categories"]),
            renderer.name("state", case["state"]),
            renderer.moment(case["received_at"]),
        )
    return Group(*([table] if cases else []), Text(renderer.say("count.cases", count=len(cases))))


def draw_submissions(renderer: Renderer, submissions: Sequence[SubmissionDocument]) -> RenderableType:
    """One line a mail; under each, what stands in its way."""
    parts: list[RenderableType] = []
    for mail in submissions:
        style = {"taken": "green", "duplicate": "dim"}.get(mail["status"], "yellow")
        head = Text(f"№ {mail['submission']}  {renderer.moment(mail['received_at']) or '—':16}  ")
        head.append(renderer.name("status", mail["status"]), style=style)
        head.append(f"  {mail['file']}  {mail['unit'] or mail['sender']}")
        parts += [
            head,
            Text(f"  {mail['subject']}", style="dim"),
            *renderer.reasons(mail["reasons"], 2, warnings=False),
        ]
    return Group(*parts, Text(renderer.say("count.mails", count=len(submissions))))


def draw_letters(renderer: Renderer, letters: Sequence[LetterDocument]) -> RenderableType:
    """One line a letter with its fate; beneath, what the other side said of those that did not arrive."""
    fixed = ("letter", "state", "attempts")
    table = renderer.table(
        "letter", "recipient", "subject", "state", "attempts", "cases", fixed=fixed, right=("letter",)
    )
    ids_by_answer: defaultdict[str, list[str]] = defaultdict(list)
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
            ids_by_answer[letter["answer"]].append(str(letter["id"]))
    answers = [Text(f"✗ {renderer.join(ids)}: {answer}", style="red") for answer, ids in ids_by_answer.items()]
    return Group(
        *([table] if letters else []),
        *answers,
        *warn_of_bounced(renderer, letters),
        Text(renderer.say("count.letters", count=len(letters))),
    )


def warn_of_bounced(
    renderer: Renderer, letters: Iterable[LetterDocument | BatchLetterDocument]
) -> list[RenderableType]:
    """A line for each address that letters came back from and these would go to again."""
    known = {letter["to"]: letter["bounced"] for letter in letters if letter["bounced"]}
    return [
        Text(f"! {renderer.say('letter.came-back', to=to, **bounced)}", style="yellow") for to, bounced in known.items()
    ]


def draw_ranking(renderer: Renderer, ranking: Sequence[RankedDocument]) -> RenderableType:
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


def draw_letter(renderer: Renderer, letter: WholeLetterDocument) -> RenderableType:
    """A letter as its reader sees it, in the lines it is sent in; then its headers exactly as they travel."""
    shown = (f"{name}: {value}" for name, value in letter["headers"].items() if name not in _FOR_SERVERS)
    lines = [*shown, "", letter["body"], ""]
    lines += [renderer.say("letter.attachment", file=file) + "\n" for file in letter["attachments"]]
    lines += [renderer.say("letter.head"), "", letter["head"], ""]
    return Verbatim("\n".join(lines))
