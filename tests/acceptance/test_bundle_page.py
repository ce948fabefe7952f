"""The bundle's page in a real browser: what it shows, what it checks, and that it says so when it was tampered with."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.test_bundle import HOSTILE, bundle, campaign, early  # noqa: F401
from workflow.engine.campaign import Campaign

CHROMIUM = shutil.which("chromium")
WHY_NOT = "Debian's chromium is not installed"
START, END = '<script type="application/json" id="data">', "</script>"

pytestmark = pytest.mark.debian


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        if os.environ.get("ANLI_ALL_TOOLS"):
            pytest.fail(WHY_NOT)
        pytest.skip(WHY_NOT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[[Path], Any]]:
    """Opens a page once it has checked itself; afterwards it must have asked for nothing and complained of nothing."""
    pages, asked, said = [], [], []

    def open_it(file: Path) -> Any:
        page = browser.new_page(locale="en-GB", timezone_id="America/New_York")
        pages.append(page)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-verdict]")
        return page

    yield open_it
    for page in pages:
        page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


def read(page_file: Path) -> tuple[str, dict[str, Any], str]:
    written = page_file.read_text("utf-8")
    before, _, rest = written.partition(START)
    data, _, after = rest.partition(END)
    return before, json.loads(data), after


def tampered(bundle: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:  # noqa: F811
    before, data, after = read(bundle / "history.html")
    change(data)
    file = folder / "history.html"
    file.write_text(before + START + json.dumps(data).replace("<", "\\u003c") + END + after, encoding="utf-8")
    return file


def verdicts(page: Any) -> list[str]:
    return [item.get_attribute("class") for item in page.query_selector_all("#checks li")]


def rows(page: Any) -> list[str]:
    return [item.inner_text() for item in page.query_selector_all("#events > li")]


def test_it_finds_itself_sound(open_page: Any, bundle: Path) -> None:  # noqa: F811
    page = open_page(bundle / "history.html")
    assert page.get_attribute("html", "data-verdict") == "sound"
    assert verdicts(page) == ["good", "good", "good"]
    assert len(rows(page)) == len((bundle / "events.jsonl").read_bytes().splitlines())


def alter(data: dict[str, Any]) -> None:
    data["events"][9] = data["events"][9].replace('"batch":', '"batch": ', 1)


def mend(data: dict[str, Any]) -> None:
    """Alter an event, and its leaf hash with it."""
    alter(data)
    data["leaf_hashes"][9] = sha256(b"\x00" + data["events"][9].encode()).hexdigest()


def drop(data: dict[str, Any]) -> None:
    del data["events"][9], data["leaf_hashes"][9]


def swap(data: dict[str, Any]) -> None:
    for key in ("events", "leaf_hashes"):
        data[key][9], data[key][10] = data[key][10], data[key][9]


def cut(data: dict[str, Any]) -> None:
    del data["events"][-1], data["leaf_hashes"][-1]


def unsign(data: dict[str, Any]) -> None:
    data["checkpoint"] = data["checkpoint"].rpartition("— ")[0] + "— other AAAAAAAAAAAA\n"


def forge(data: dict[str, Any]) -> None:
    data["checkpoint"] = data["checkpoint"].replace(" ", " B", 3)[:-3] + "A=\n"


def rekey(data: dict[str, Any]) -> None:
    data["keys"] = ["anli.example/0+00000000+" + "A" * 44]


def empty(data: dict[str, Any]) -> None:
    data["checkpoint"] = ""


def make_up(data: dict[str, Any]) -> None:
    """An event after the checkpoint."""
    event = {**json.loads(data["events"][-1]), "seq": len(data["events"]) + 1}
    data["events"].append(json.dumps(event, separators=(",", ":"), ensure_ascii=False))
    data["leaf_hashes"].append(sha256(b"\x00" + data["events"][-1].encode()).hexdigest())


def repeat(data: dict[str, Any]) -> None:
    data["events"].insert(9, data["events"][9])


def mend_first(data: dict[str, Any]) -> None:
    """The first event, with its leaf hash."""
    data["events"][0] = data["events"][0].replace('"rehearsal":true', '"rehearsal":false')
    data["leaf_hashes"][0] = sha256(b"\x00" + data["events"][0].encode()).hexdigest()


def disown(data: dict[str, Any]) -> None:
    data["keys"] = []


def add_key(data: dict[str, Any]) -> None:
    data["keys"].append(data["keys"][0].replace("anli", "other", 1))


def forget_hashes(data: dict[str, Any]) -> None:
    data["leaf_hashes"] = []


def forget_all(data: dict[str, Any]) -> None:
    data["events"] = data["leaf_hashes"] = []


def shrink(data: dict[str, Any]) -> None:
    """The checkpoint says that it covers fewer events."""
    data["checkpoint"] = data["checkpoint"].replace(f"\n{len(data['events'])}\n", "\n9\n", 1)


def grow(data: dict[str, Any]) -> None:
    data["checkpoint"] = data["checkpoint"].replace(f"\n{len(data['events'])}\n", "\n999\n", 1)


def adopt(data: dict[str, Any]) -> None:
    """The checkpoint of another campaign."""
    origin = data["checkpoint"].partition("\n")[0]
    data["checkpoint"] = data["checkpoint"].replace(origin, origin[:-1] + "0", 1)


def garble(data: dict[str, Any]) -> None:
    data["events"][9] = "{"


def strip(data: dict[str, Any]) -> None:
    """A checkpoint without any signature."""
    data["checkpoint"] = data["checkpoint"].partition("\n\n")[0] + "\n\n"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (make_up, ["good", "good", "wait", "good"]),
        (repeat, ["bad", "bad", "wait", "good"]),
        (mend_first, ["good", "bad", "good"]),
        (disown, ["good", "good", "bad"]),
        (add_key, ["good", "good", "bad"]),
        (forget_hashes, ["bad", "good", "good"]),
        (forget_all, ["good", "bad", "bad"]),
        (shrink, ["good", "bad", "wait", "bad"]),
        (grow, ["good", "bad", "bad"]),
        (adopt, ["good", "good", "bad"]),
        (garble, ["bad", "bad", "good"]),
        (strip, ["good", "good", "bad"]),
        (alter, ["bad", "bad", "good"]),
        (mend, ["good", "bad", "good"]),
        (drop, ["bad", "bad", "good"]),
        (swap, ["bad", "bad", "good"]),
        (cut, ["good", "bad", "good"]),
        (unsign, ["good", "good", "bad"]),
        (rekey, ["good", "good", "bad"]),
        (empty, ["good", "bad", "bad"]),
    ],
)
def test_it_says_what_was_tampered_with(
    open_page: Any,
    bundle: Path,  # noqa: F811
    tmp_path: Path,
    change: Any,
    expected: list[str],
) -> None:
    page = open_page(tampered(bundle, tmp_path, change))
    assert verdicts(page) == expected
    assert page.get_attribute("html", "data-verdict") == ("open" if change is make_up else "wrong")
    if change is alter:
        assert "10" in page.inner_text("#checks li.bad")
        assert len(page.query_selector_all("#events > li.bad")) == 1


def test_a_forged_signature(open_page: Any, bundle: Path, tmp_path: Path) -> None:  # noqa: F811
    page = open_page(tampered(bundle, tmp_path, forge))
    assert verdicts(page)[-1] == "bad"


def test_what_was_received_earlier(
    open_page: Any,
    bundle: Path,  # noqa: F811
    campaign: Campaign,  # noqa: F811
) -> None:
    page = open_page(bundle / "history.html")
    note = early(campaign).read_text("utf-8")
    answers = {
        note: "good",
        note.replace(note.splitlines()[2], "A" * 43 + "="): "bad",
        "nonsense": "bad",
        "5 0000-0000-0000-0000-0000-0000-0000-0000": "bad",
        "99999 0000-0000-0000-0000-0000-0000-0000-0000": "bad",
    }
    for given, verdict in answers.items():
        page.fill("#received", given)
        page.wait_for_selector(f"#answer p.{verdict}")
        page.fill("#received", "")
        page.wait_for_selector("#answer:empty", state="attached")


def test_search_filter_and_one_cases_timeline(open_page: Any, bundle: Path) -> None:  # noqa: F811
    page = open_page(bundle / "history.html")
    everything = len(rows(page))
    page.fill("#words", "recommend 2024-0007")
    assert 0 < len(rows(page)) < everything
    page.click("button[type=reset]")
    page.locator("#events > li").nth(everything - 1).wait_for(state="attached")
    page.select_option("#kind", "move")
    assert len(rows(page)) == 2
    page.select_option("#kind", "")
    page.click("#events .case-link >> text=2024-0007")
    assert page.inner_text("#of-case").startswith("2024-0007")
    assert page.query_selector("#shown.timeline")
    assert 0 < len(rows(page)) < everything
    page.fill("#from", "2030-01-01")
    assert rows(page) == []


def test_it_works_by_keyboard(open_page: Any, bundle: Path) -> None:  # noqa: F811
    page = open_page(bundle / "history.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("2024-0007")
    found = len(rows(page))
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    for key, at in (("j", 0), ("ArrowDown", 1), ("k", 0)):
        page.keyboard.press(key)
        script = "[...document.querySelectorAll('#events summary')].indexOf(document.activeElement)"
        assert page.evaluate(script) == at
    page.keyboard.press("Enter")
    page.wait_for_selector("#events details[open] pre")
    assert '"case": "2024-0007"' in page.inner_text("#events details[open] pre")
    page.keyboard.press("Escape")
    page.locator("#events > li").nth(found).wait_for(state="attached")


def test_both_languages_and_the_editions_own_clock(open_page: Any, bundle: Path) -> None:  # noqa: F811
    page = open_page(bundle / "history.html")
    assert page.inner_text("h1") == "The history"
    assert "2024-06-28 09:00:00" in rows(page)[-1]
    page.click("#language")
    assert page.inner_text("h1") == "历史记录"
    assert page.get_attribute("html", "lang") == "zh"
    assert "bundle." not in page.inner_text("body")


def test_a_strangers_text_stays_text(open_page: Any, bundle: Path) -> None:  # noqa: F811
    page = open_page(bundle / "history.html")
    page.fill("#case", "2024-0006")
    assert HOSTILE in page.inner_text("#of-case")
    assert page.evaluate("document.querySelectorAll('script').length") == 2


def test_every_control_has_a_name(open_page: Any, bundle: Path) -> None:  # noqa: F811
    page = open_page(bundle / "history.html")
    for control in page.query_selector_all("input, select, textarea, button:visible"):
        assert control.evaluate("each => (each.labels?.[0]?.innerText || each.innerText).trim()")
