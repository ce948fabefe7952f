"""What is generated is fresh, and says what the law says."""

import re
from pathlib import Path

from states import ROOMS
from states.course import COURSE
from states.graph import passages
from workflow.screens.floor_plan import reasons_given, write_states_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "states.md"
ARROW = re.compile(r"    (\[\*\]|\w+) --> (\[\*\]|\w+)(?:: (\w+))?")
NAMED = re.compile(r'    state "([^"]+)" as (\w+)')


def diagrams() -> list[list[str]]:
    return [block.splitlines() for block in re.findall(r"```mermaid\n(.*?)```", write_states_page(), re.DOTALL)]


def test_the_states_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == write_states_page(), (
        "run: python -m workflow.screens.floor_plan > docs/reference/states.md"
    )


def test_the_diagrams_are_made_of_named_states_and_arrows() -> None:
    for head, direction, *lines in diagrams():
        assert (head, direction) == ("stateDiagram-v2", "    direction LR")
        named = {found[2] for line in lines if (found := NAMED.fullmatch(line))}
        for line in lines:
            if NAMED.fullmatch(line) is None:
                arrow = ARROW.fullmatch(line)
                assert arrow is not None, line
                assert {arrow[1], arrow[2]} <= {*named, "[*]"}, line


def test_every_state_and_trigger_is_drawn() -> None:
    drawn = "\n".join(line for diagram in diagrams() for line in diagram)
    for room in ROOMS:
        assert f'state "{room.name} {room.label.zh}" as {room.name}' in drawn
    for passage in passages(COURSE.rooms):
        assert f": {passage.exit.trigger}\n" in f"{drawn}\n"


def test_the_tables_are_whole() -> None:
    page = write_states_page()
    widths = [
        {line.count("|") for line in section.splitlines() if line.startswith("|")} for section in page.split("\n## ")
    ]
    assert [width for width in widths if width] == [{8}, {7}, {6}]
    for passage in passages(COURSE.rooms):
        for guard in passage.guards:
            assert f"| `{guard.__name__}` |" in page
            for answer in reasons_given(guard):
                assert f"`{answer.code}`" in page


def test_every_guard_answers_with_a_code_that_its_source_spells_out() -> None:
    for guard in {guard for passage in passages(COURSE.rooms) for guard in passage.guards}:
        assert reasons_given(guard), guard.__name__
