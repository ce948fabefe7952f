"""A case's contact person, number and address, and how they are kept out of what is handed out unasked."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from workflow.normal_form import to_nfkc

SIGN = "〔略〕"
"""What stands where a contact was blotted out of a text."""

_BETWEEN = r"[\s\-‐‑–—－()（）.·]{0,2}"
_ABROAD = r"(?:[+＋]?[8８][6６][\s\-－]?)?"
_NUMBER = re.compile(r"[0-9](?:[0-9\s\-‐‑–—()+.]*[0-9])?")
_SHORTEST_NUMBER = 7
_SHORTEST_ADDRESS = 6
_SHORTEST_TAIL = 4
_APART = re.compile(r"[\s,，;；、/|()（）:：]+")
_TITLE = re.compile("(?:主任|科长|处长|部长|局长|书记|经理|校长|院长|老师|同志|先生|女士)$")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LOCALITY = re.compile("[省市区县州镇乡]")


class Contact(NamedTuple):
    """What a form says of its contact person; a field is ``""`` where nothing was written, None where it was erased."""

    person: str | None
    phone: str | None
    address: str | None


class Blotter:
    """Blots what contacts of a case say out of its texts; blotted: in how many places so far.

    public: names that stand in every product (of the case, its applicant and its unit): a contact person's name that
    is part of one is no secret, and neither is an address.
    """

    def __init__(self, contacts: Iterable[Contact], public: Iterable[str]) -> None:
        known = "\n".join(public)
        patterns: set[str] = set()
        for contact in contacts:
            patterns.update(_of_phone(contact.phone or ""))
            patterns.update(_spell(name) for name in _names(contact.person or "") if name not in known)
            patterns.update(_spell(place) for place in _places(contact.address or "") if place not in known)
        longest_first = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
        self._pattern = re.compile("|".join(longest_first), re.IGNORECASE) if longest_first else None
        self.blotted = 0

    def blot(self, text: str) -> str:
        """The text with SIGN in place of each contact."""
        if self._pattern is None:
            return text
        written, places = self._pattern.subn(SIGN, text)
        self.blotted += places
        return written


def _of_phone(phone: str) -> Iterable[str]:
    """A telephone number however it is broken up, also without its area code; and any other address of the kind."""
    folded = to_nfkc(phone)
    for number in _NUMBER.findall(folded):
        whole = re.sub("[^0-9]", "", number)
        parts = [part for part in re.split("[^0-9]+", number) if len(part) >= _SHORTEST_NUMBER]
        for digits in {whole, whole.removeprefix("86"), *parts}:
            if len(digits) >= _SHORTEST_NUMBER:
                yield _ABROAD + _BETWEEN.join(f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in digits)
    for word in _APART.split(folded):
        if len(word) >= 5 and re.search("[A-Za-z@]", word):
            yield _spell(word)


def _names(person: str) -> Iterable[str]:
    """The names in a field that may hold several, with titles, or one whose two signs stand apart."""
    words = [word for word in _APART.split(person.strip()) if word]
    if all(len(word) == 1 for word in words):
        words = ["".join(words)]
    for word in words:
        for name in {word, _TITLE.sub("", word)}:
            if len(name) >= (2 if _CHINESE.fullmatch(name) else 3):
                yield name


def _places(address: str) -> Iterable[str]:
    """An address, and what follows the last locality in it, where that has a number."""
    whole = re.sub(r"\s+", "", address)
    if len(whole) >= _SHORTEST_ADDRESS:
        yield whole
        tail = _LOCALITY.split(whole)[-1]
        if len(tail) >= _SHORTEST_TAIL and re.search("[0-9０-９]", tail):
            yield tail


def _spell(word: str) -> str:
    return r"\s{0,2}".join(map(re.escape, word))
