"""What a form's controls say: content controls (17.5.2), and the boxes and lists of older forms (17.16)."""

from workflow.intake.elements import Element, children, find, is_on, local, value
from workflow.intake.symbols import BOX, BOXES, TICK, TICKS, UNCLEAR, mark_unclear, read_symbol

_LISTS = ("dropDownList", "comboBox")
_MOST_ENTRIES = 200


def speaks(control: Element) -> bool:
    """Whether a content control says something of its own about the text that it shows."""
    properties = find(control, "sdtPr")
    return any(find(properties, name) is not None for name in ("checkbox", "showingPlcHdr", *_LISTS))


def read_control(control: Element, shown: str) -> str:
    """What a content control (``w:sdt``) says that shows the text ``shown``.

    A check box whose flag and sign differ is an unclear mark; a control that still shows its prompt says nothing.
    """
    properties = find(control, "sdtPr")
    if (box := find(properties, "checkbox")) is not None:
        return _read_check_box(box, shown)
    if is_on(find(properties, "showingPlcHdr")):
        return ""
    for name in _LISTS:
        if (choices := find(properties, name)) is not None:
            return _read_list(choices, shown)
    return shown


def read_legacy(field: Element, shown: str) -> str | None:
    """What the data of a form field (``w:ffData``) says whose last result is ``shown``; None where it says nothing."""
    if (box := find(field, "checkBox")) is not None:
        state = find(box, "checked")
        return _agree(is_on(state if state is not None else find(box, "default")), shown)
    if (choices := find(field, "ddList")) is not None:
        return _read_legacy_list(choices, shown)
    return None


def _read_check_box(box: Element, shown: str) -> str:
    ticked = is_on(find(box, "checked"))
    own = {_state(box, "checkedState"): TICK, _state(box, "uncheckedState"): BOX}
    own.pop("", None)
    return _agree(ticked, own.get(shown.strip(), shown))


def _state(box: Element, name: str) -> str:
    state = find(box, name)
    try:
        return read_symbol(value(state, "", "font"), int(value(state, "")[:6], 16))
    except ValueError:
        return ""


def _agree(ticked: bool, shown: str) -> str:
    """One mark for a flag and a sign, with whatever else is shown beside the sign."""
    flag = TICK if ticked else BOX
    signs = [sign for sign in shown if sign in TICKS or sign in BOXES]
    unclear = UNCLEAR.search(shown)
    if not signs and unclear is None:
        stray = shown.strip()
        return f"{flag}{shown}" if not stray or any(sign.isalnum() for sign in stray) else mark_unclear(stray)
    if unclear is not None or len(signs) > 1:
        return shown if unclear is not None else mark_unclear(shown.strip())
    if (signs[0] in TICKS) == ticked:
        return shown.replace(signs[0], flag)
    return shown.replace(signs[0], mark_unclear(f"{signs[0]}≠{flag}"))


def _read_list(choices: Element, shown: str) -> str:
    """The entry shown, by its words where its value is shown; one that contradicts what is kept is unclear."""
    entries = {
        value(entry, "", "value"): value(entry, "", "displayText") or value(entry, "", "value")
        for _, entry in zip(range(_MOST_ENTRIES), children(choices), strict=False)
        if local(entry) == "listItem"
    }
    written, kept = shown.strip(), entries.get(value(choices, "", "lastValue"), "")
    if written not in entries.values():
        written = entries.get(written) or written
    if kept and written and kept != written and written in entries.values():
        return mark_unclear(f"{written}≠{kept}")
    return written


def _read_legacy_list(choices: Element, shown: str) -> str:
    """The entry chosen; where a list keeps no choice, the first it shows may be one, or nobody has touched it."""
    entries = [value(entry, "") for entry in children(choices) if local(entry) == "listEntry"][:_MOST_ENTRIES]
    kept = find(choices, "result")
    number = value(kept if kept is not None else find(choices, "default"), "0")
    entry = entries[int(number)] if number.isascii() and number.isdigit() and int(number[:4]) < len(entries) else ""
    written = shown.strip()
    if written and written != entry:
        return mark_unclear(f"{written}≠{entry}") if entry else written
    return entry if kept is not None else mark_unclear(entry)
