"""The calendar as programs, pictures and other calendars read it."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.builders.campaigns import at
from tests.builders.clockwork import local, run
from workflow.deadlines.agenda import read_agenda
from workflow.deadlines.amendment import extend
from workflow.engine.campaign import Campaign
from workflow.publish.icalendar import write_icalendar
from workflow.screens.calendar import answer_calendar
from workflow.screens.renderer import Renderer
from workflow.screens.timeline import MARKS, draw_html, draw_line, draw_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_it_tells_what_fired_what_is_ahead_and_what_was_amended(campaign: Campaign) -> None:
    run(campaign, local(6, 25))
    extend(at(campaign, local(6, 26)), "received", local(7, 11), "武汉市", "汛期")
    answer = answer_calendar(read_agenda(at(campaign, local(6, 26))))
    outcomes = {(each["deadline"], each["due"]): each["outcome"] for each in answer["deadlines"]}
    assert outcomes["notice-issued", "2024-05-28T01:00:00Z"] == "fired"
    assert outcomes["thirteen-days-left", "2024-06-17T01:00:00Z"] == "skipped"
    assert outcomes["submissions-closed", "2024-07-10T16:00:00Z"] is None
    (received,) = [each for each in answer["windows"] if each["window"] == "received"]
    assert (received["closes"], received["units"]) == ("2024-06-30T16:00:00Z", {"武汉市": "2024-07-10T16:00:00Z"})
    assert answer["amendments"] == [
        {"window": "received", "until": "2024-07-10T16:00:00Z", "unit": "武汉市", "why": "汛期"}
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_other_calendars_can_read_it(campaign: Campaign, language: str) -> None:
    written = write_icalendar(replace(campaign, language=language), read_agenda(campaign))
    assert written.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    lines = written.replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3 + len(campaign.edition.deadlines)
    identities = [line for line in lines if line.startswith("UID:")]
    assert len(set(identities)) == len(identities)
    assert "DTSTART:20240630T160000Z" in lines
    assert all(re.fullmatch(r"(?:[^;,\\]|\\[;,\\n])*", line[8:]) for line in lines if line.startswith("SUMMARY:"))


def test_the_year_is_drawn_in_letters(campaign: Campaign) -> None:
    run(campaign, local(6, 25))
    calendar = answer_calendar(read_agenda(campaign))
    for language in ("zh", "en"):
        *_, marks = draw_line(Renderer(language, campaign.edition.zone), calendar).splitlines()
        assert {MARKS["fired"], MARKS[None]} <= set(marks)


def test_the_picture_is_sound_and_shows_every_deadline(campaign: Campaign) -> None:
    run(campaign, local(6, 25))
    calendar = answer_calendar(read_agenda(campaign))
    renderer = Renderer("zh", campaign.edition.zone)
    picture = ET.fromstring(draw_svg(renderer, calendar))  # noqa: S314
    assert len(picture.findall(f"{SVG}circle")) == len(calendar["deadlines"])
    assert len(picture.findall(f"{SVG}rect")) == len(calendar["phases"]) + len(calendar["windows"])
    assert draw_svg(renderer, calendar).strip() in draw_html(renderer, calendar).replace("\n", "")


def test_a_name_from_the_rule_book_is_no_markup(campaign: Campaign) -> None:
    calendar = answer_calendar(read_agenda(campaign))
    calendar["phases"][0]["label"] = "<script>&"
    assert "<script" not in draw_html(Renderer("zh", campaign.edition.zone), calendar)
