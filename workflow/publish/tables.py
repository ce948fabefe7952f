"""What commands print for people: rich tables of the same answers that --json prints."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from workflow import clock
from workflow.wording import say, show_moment

Answer = Mapping[str, Any]


class Draughtsman:
    """Draws answers as tables in one language and one zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language, self.zone = language, zone

    def draw_cases(self, cases: Sequence[Answer]) -> RenderableType:
        table = self._table("id", "name", "applicant", "unit", "category", "state", "received")
        for case in cases:
            table.add_row(
                case["id"],
                Text(case["name"]),
                Text(case["applicant"]),
                Text(case["unit"]),
                self._join(case["categories"]),
                self._state(case["state"]),
                self._moment(case["received_at"]),
            )
        return Group(table, Text(say("count.cases", self.language, count=len(cases))))

    def draw_case(self, case: Answer) -> RenderableType:
        facts = Table.grid(padding=(0, 2))
        for key in ("id", "name", "applicant", "unit", "categories", "state", "contact_person", "contact_phone"):
            shown = self._state(case[key]) if key == "state" else self._join(case[key])
            facts.add_row(Text(self._word(key), style="dim"), shown)
        for key in ("summary_characters", "content_characters", "selected_place", "version"):
            if case[key] is not None:
                facts.add_row(Text(self._word(key), style="dim"), str(case[key]))
        facts.add_row(Text(self._word("received"), style="dim"), self._moment(case["received_at"]))
        parts: list[RenderableType] = [facts]
        if case["problems"]:
            parts += [Text(""), Text(self._word("problems"), style="bold"), *self._reasons(case["problems"])]
        parts += [Text(""), self._documents(case["documents"]), self._history(case["history"])]
        if case["letters"]:
            parts.append(self.draw_letters(case["letters"]))
        return Group(*parts)

    def draw_report(self, report: Answer, names: Mapping[str, Answer]) -> RenderableType:
        """A batch, done or proposed: every case with its verdict, and every letter."""
        table = self._table("id", "name", "unit", "from", "to", "reasons")
        for move in report["moved"]:
            table.add_row(*self._named(move["case"], names), self._state(move["from"]), self._state(move["to"]), "")
        for refusal in report["refused"]:
            table.add_row(
                *self._named(refusal["case"], names),
                self._state(refusal["state"]),
                Text(say("report.refused", self.language), style="red"),
                Group(*self._reasons(refusal["reasons"])),
            )
        letters = self._table("recipient", "to_address", "subject", "cases")
        for letter in report["letters"]:
            cases = self._join(letter["cases"])
            letters.add_row(Text(letter["recipient"]), Text(letter["to"]), Text(letter["subject"]), cases)
        parts: list[RenderableType] = [table]
        if report["letters"]:
            parts.append(letters)
        return Group(*parts, Text(self.count_report(report), style="bold"))

    def count_report(self, report: Answer) -> str:
        """One line: what was asked for, what moved, what was refused, how many letters."""
        moved, refused = len(report["moved"]), len(report["refused"])
        key = "report.proposed" if report["batch"] is None else "report.done"
        return say(
            key,
            self.language,
            batch=report["batch"],
            trigger=say(f"trigger.{report['trigger']}", self.language),
            asked=moved + refused,
            moved=moved,
            refused=refused,
            letters=len(report["letters"]),
        )

    def draw_verdict(self, verdict: Answer) -> RenderableType:
        key = "explain.allowed" if verdict["allowed"] else "explain.refused"
        trigger = say(f"trigger.{verdict['trigger']}", self.language)
        state = say(f"state.{verdict['from']}", self.language)
        line = say(key, self.language, case=verdict["case"], trigger=trigger, state=state)
        return Group(Text(line, style="green" if verdict["allowed"] else "red"), *self._reasons(verdict["reasons"]))

    def draw_taken(self, taken: Answer) -> RenderableType:
        style = {"taken": "green", "duplicate": "dim"}.get(taken["status"], "yellow")
        head = Text(f"{say('status.' + taken['status'], self.language)}  ", style=style)
        head.append(f"{taken['file']}  {taken['unit'] or ''}", style="bold")
        parts: list[RenderableType] = [head, *self._reasons(taken["reasons"], indent=2)]
        for form in taken["forms"]:
            line = Text(f"  {form['case'] or '—'}  {form['name']}  ({form['applicant']})  ")
            line.append(say("form.complete" if form["complete"] else "form.incomplete", self.language))
            blocking = [reason for reason in form["reasons"] if reason["blocking"]]
            parts += [line, *self._reasons(blocking, indent=4)]
        return Group(*parts)

    def draw_submissions(self, submissions: Sequence[Answer]) -> RenderableType:
        table = self._table("status", "file", "unit", "sender", "subject", "received", "reasons")
        for row in submissions:
            blocking = [reason for reason in row["reasons"] if reason["blocking"]]
            table.add_row(
                say(f"status.{row['status']}", self.language),
                Text(row["file"]),
                Text(row["unit"] or ""),
                Text(row["sender"]),
                Text(row["subject"]),
                self._moment(row["received_at"]),
                Group(*self._reasons(blocking)),
            )
        return table

    def draw_letters(self, letters: Sequence[Answer]) -> RenderableType:
        table = self._table("letter", "to_address", "subject", "state", "attempts", "cases")
        for letter in letters:
            table.add_row(
                str(letter["id"]),
                Text(letter.get("to") or letter.get("address") or ""),
                Text(letter["subject"]),
                say(f"letter.{letter['state']}", self.language),
                str(letter["attempts"]),
                self._join(letter["cases"]),
            )
        return table

    def draw_import(self, answer: Answer) -> RenderableType:
        head = say("import.done", self.language, rows=answer["rows"], accepted=answer["accepted"])
        parts: list[RenderableType] = [Text(head)]
        for refusal in answer["refused"]:
            parts.append(Text(say("import.row", self.language, row=refusal["row"]), style="red"))
            parts += self._reasons(refusal["reasons"], indent=2)
        return Group(*parts)

    def draw_ranking(self, ranking: Sequence[Answer]) -> RenderableType:
        table = self._table("rank", "score", "id", "name", "unit", "state", "tied")
        for row in ranking:
            table.add_row(
                str(row["rank"]),
                row["score"],
                row["case"],
                Text(row["name"]),
                Text(row["unit"]),
                self._state(row["state"]),
                "＝" if row["tied"] else "",
                style=None if row["within"] else "dim",
            )
        return table

    def draw_events(self, events: Iterable[Answer]) -> RenderableType:
        table = self._table("seq", "at", "actor", "kind", "case", "what", "why")
        for event in events:
            table.add_row(
                str(event["seq"]),
                self._moment(event["at"]),
                Text(event["actor"]["account"]),
                say(f"event.{event['kind']}", self.language),
                event.get("case", ""),
                Text(self._happening(event)),
                Text(event.get("why") or ""),
            )
        return table

    def _happening(self, event: Answer) -> str:
        if event["kind"] in ("move", "letter") and "to" in event:
            prefix = "state" if event["kind"] == "move" else "letter"
            before = f"{self._state(event['from'])} → " if "from" in event else ""
            return before + say(f"{prefix}.{event['to']}", self.language)
        if event["kind"] == "refusal":
            return self._join([reason["code"] for reason in event.get("reasons", [])])
        return str(event.get("trigger") or event.get("status") or "")

    def _history(self, history: Sequence[Answer]) -> RenderableType:
        return self.draw_events(history)

    def _documents(self, documents: Sequence[Answer]) -> Table:
        table = self._table("document", "role", "size", "sha256")
        for document in documents:
            table.add_row(
                Text(document["filename"]),
                document["role"],
                f"{document['size']:,}",
                document["sha256"][:16],
                style=None if document["current"] else "dim",
            )
        return table

    def _reasons(self, reasons: Sequence[Answer], indent: int = 0) -> list[Text]:
        lines = []
        for reason in reasons:
            message = reason.get("message") or reason["code"]
            mark = "✗" if reason["blocking"] else "!"
            style = "red" if reason["blocking"] else "yellow"
            line = Text(" " * indent + f"{mark} {message}", style=style)
            line.append(f"  [{reason['clause']}]", style="dim")
            lines.append(line)
        return lines

    def _named(self, number: str, names: Mapping[str, Answer]) -> tuple[str, Text, Text]:
        case = names.get(number, {})
        return number, Text(case.get("name", "")), Text(case.get("unit", ""))

    def _table(self, *columns: str) -> Table:
        table = Table(header_style="bold", expand=False)
        for column in columns:
            table.add_column(self._word(column), overflow="fold")
        return table

    def _word(self, key: str) -> str:
        return say(f"column.{key}", self.language)

    def _state(self, state: str) -> str:
        return say(f"state.{state}", self.language)

    def _moment(self, written: str | None) -> str:
        return show_moment(clock.read(written), self.zone, self.language) if written else ""

    def _join(self, value: object) -> str:
        if isinstance(value, list):
            return ("、" if self.language == "zh" else ", ").join(map(str, value))
        return "" if value is None else str(value)
