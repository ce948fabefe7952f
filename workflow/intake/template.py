"""What the blank Appendix 4 prints itself, and is therefore nobody's answer."""

import re

from workflow.intake.text import clean_text

HEADINGS = ("背景意义", "创新做法", "实施成效", "经验启示")

_INSTRUCTION = re.compile(
    r"[（(][^（）()]{0,60}?(?:不超过[^\S\n]{0,5}[0-9]{1,5}[^\S\n]{0,5}字|[0-9]{1,5}[^\S\n]{0,5}字(?:以内|左右)|以附件形式提交)[^（）()]{0,60}[）)]"
)
_SEAL = re.compile(
    r"[（(][^（）()\n]{0,20}(?:公\s{0,3}章|盖\s{0,3}章|签\s{0,3}章|印\s{0,3}章|签\s{0,3}字)[^（）()\n]{0,20}[）)]"
    r"|(?:单\s?位)?(?:公\s?章|盖\s?章|签\s?章)\s{0,5}[:：]?|(?:负责人)?签\s?字\s{0,5}[:：]"
)
_NUMERAL = r"[0-9０-９〇○零一二三四五六七八九十Xx×_＿]"
_DATE = re.compile(
    rf"{_NUMERAL}{{0,6}}[^\S\n]{{0,20}}年[^\S\n]{{0,20}}{_NUMERAL}{{0,4}}[^\S\n]{{0,20}}月[^\S\n]{{0,20}}{_NUMERAL}{{0,4}}[^\S\n]{{0,20}}日"
    r"|(?<![0-9])[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}(?![0-9])"
)
_PROMPT = re.compile(
    r"(?:请?(?:单击|点击|单击或点击|点击或点按|单击或点按)[^\n]{0,20}(?:输入|键入|选择)[^\n]{0,20}|(?:请)?(?:输入|键入)文[字本]"
    r"|请(?:在此处?|在这里)?(?:输入|键入|填写)[^\n]{0,30}"
    r"|(?:请)?选择一项|click (?:or tap )?(?:here )?to enter (?:text|a date)|choose an item)[.。]?",
    re.IGNORECASE,
)
_NUMBERING = r"(?:[（(]?[一二三四五六七八九十0-9]{1,2}[）)]?[、.．:：]?|[①②③④])?"
_WORDLESS = re.compile(r"[\W_]+")


def without_prompt(text: str) -> str:
    """Drop what Word itself prints into a field that nobody has filled, where it is all that stands there."""
    return "" if _PROMPT.fullmatch(text.strip()) else text


def without_instructions(text: str) -> str:
    """Drop the template's own bracketed instructions (附件4: “案例简介不超过200字” and its like)."""
    return clean_text(_INSTRUCTION.sub("", text))


def read_opinion(text: str) -> str:
    """Return what a unit wrote as its opinion, without the place for the seal and the date; ``""`` where nothing."""
    written = clean_text(_DATE.sub("", _SEAL.sub("", text)))
    return written if _WORDLESS.sub("", written) else ""


def read_sections(content: str, headings: tuple[str, ...] = HEADINGS) -> dict[str, str]:
    """Map each heading of 案例内容 that is present to the text beneath it."""
    places = []
    for heading in headings:
        spaced = r"\s{0,3}".join(heading)
        match = re.search(rf"(?m)^[^\S\n]*{_NUMBERING}\s?{spaced}\s{{0,3}}[:：]?", content) or re.search(
            spaced, content
        )
        if match:
            places.append((match.start(), match.end(), heading))
    if not places:
        return {}
    places.sort()
    ends = [start for start, _, _ in places[1:]] + [len(content)]
    return {heading: content[end:stop].strip() for (_, end, heading), stop in zip(places, ends, strict=True)}


def read_content(text: str, headings: tuple[str, ...] = HEADINGS) -> tuple[str, tuple[str, ...]]:
    """Return 案例内容 and the headings under which nothing is written; ``""`` where only the headings are there."""
    content = without_instructions(text)
    sections = read_sections(content, headings)
    missing = tuple(heading for heading in headings if not _WORDLESS.sub("", sections.get(heading, "")))
    rest = content
    for heading in headings:
        rest = re.sub(rf"{_NUMBERING}\s{{0,3}}" + r"\s{0,3}".join(heading), "", rest)
    if not _WORDLESS.sub("", rest):
        return "", headings
    return content, missing
