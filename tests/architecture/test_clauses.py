"""What the law quotes is what the notice says, where the law says it stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "tests" / "unit" / "workflow" / "edition" / "notice-2024.txt").read_text("utf-8")
PHASES = {"one": "一", "two": "二", "three": "三"}
TOKEN = re.compile(
    r"“(?P<quote>[^”]+)”|(?P<clause>附件\d|[五六]\.\d|五|六|四, phase (?:one|two|three)|四 第[一二三]阶段|四)"
)


def between(text: str, opening: str, closing: str) -> str:
    found = re.search(rf"^{opening}(.*?)(?=^{closing}|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found is not None, opening
    return found[1]


def passage_of(clause: str) -> str:
    """The words of a clause as we number them: 五.3, 六.5, 四 第二阶段, 四, phase two, 附件4."""
    if clause.startswith("附件"):
        return between(NOTICE, rf"{clause}$", r"附件\d$")
    chapter = between(NOTICE, f"{clause[0]}、", "[一二三四五六]、|附件：")
    if clause[1:2] == ".":
        return between(chapter, rf"{clause[2]}\. ", r"\d\. ")
    if len(clause) > 1:
        ordinal = PHASES.get(clause.rpartition(" ")[2]) or clause[3]
        return between(chapter, f"第{ordinal}阶段", "第[一二三]阶段")
    return chapter


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def quotations() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "states").glob("*.py")):
        for text in texts(path):
            clause = None
            for token in TOKEN.finditer(text):
                clause = token["clause"] or clause
                if token["quote"]:
                    assert clause is not None, f"{path.name}: {text}"
                    yield clause, token["quote"]


def clauses() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "states").glob("*.py")]
    return {
        part
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason"
        for argument in [node.args[1]]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        for part in re.findall(r"四 第.阶段|\S+", argument.value)
    }


@pytest.mark.parametrize(("clause", "quote"), sorted(set(quotations())))
def test_a_quotation_stands_in_its_clause(clause: str, quote: str) -> None:
    passage = passage_of(clause)
    start = 0
    for piece in quote.split("…"):
        start = passage.find(piece, start)
        assert start >= 0, f"{clause} does not say {piece}"


def test_the_law_quotes_a_good_deal() -> None:
    assert len(set(quotations())) > 30


@pytest.mark.parametrize("clause", sorted(clauses()))
def test_a_reason_names_a_clause_that_is_there(clause: str) -> None:
    assert passage_of(clause).strip()
