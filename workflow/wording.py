"""Every sentence a person reads, from the Chinese and the English catalogue (locale/)."""

import gettext
import locale
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path, PurePath

from workflow import clock
from workflow.errors import AnliError
from workflow.nearest import nearest
from workflow.visible import reveal

LANGUAGES = ("zh", "en")
DOMAIN = "anli"
FOLDER = Path(__file__).parent / "locale"
_LOCALES = {"zh": "zh_CN", "en": "en_GB"}
_MOMENTS = frozenset({"received", "opens", "due"})
_DEADLINES = frozenset({"until", "closes", "promised"})


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language])


def asked_language(words: Sequence[str]) -> str | None:
    """What a command line says after ``--lang``, whatever it is; None where it does not say."""
    for place, word in enumerate(words):
        if word == "--lang":
            return words[place + 1] if place + 1 < len(words) else None
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def choose_language(asked: str | None, environment: Mapping[str, str], charset: str | None = None) -> str:
    """``zh`` or ``en``: as asked, else ANLI_LANG, else the locale, else Chinese where ``charset`` can write it."""
    for candidate in (asked, environment.get("ANLI_LANG"), *_locales(environment)):
        if candidate and candidate[:2].lower() in LANGUAGES:
            return candidate[:2].lower()
    return "zh" if _writes_chinese(charset) else "en"


def _locales(environment: Mapping[str, str]) -> Iterable[str | None]:
    named = [environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return named if any(named) else [locale.getlocale()[0]]


def _writes_chinese(charset: str | None) -> bool:
    try:
        "案例".encode(charset or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def knows(key: str, language: str) -> bool:
    return _catalogue(language).gettext(key) != key


def code_of(families: Iterable[str], word: str, codes: Iterable[str]) -> str:
    """That of ``codes`` which screens call ``word`` in either language; any other word as it is."""
    asked, keys = word.casefold(), [(code, f"{family}.{code}") for family in families for code in codes]
    named = {say(key, language).casefold(): code for code, key in keys for language in LANGUAGES}
    return named.get(asked, word)


def phrases(families: Iterable[str], language: str) -> dict[str, str]:
    """Every sentence whose key begins as one of ``families``, gaps unfilled, for pages that say them themselves."""
    starts = tuple(families)
    kept = vars(_catalogue(language))["_catalog"]
    return {key: kept[key] for key in sorted(kept) if isinstance(key, str) and key.startswith(starts)}


def say(key: str, language: str, /, **values: object) -> str:
    """The sentence for ``key``, filled with ``values``, nothing of which is hidden and each of which is one line.

    A missing value shows its name rather than failing a report.
    """
    sentence = _catalogue(language).gettext(key)
    filled = {name: _write(value, language) for name, value in values.items()}
    return sentence.format_map(_Filled(filled))


def say_reason(code: str, values: Mapping[str, object], language: str, zone: tzinfo) -> str:
    """A reason's sentence; the moments among its values are shown as people in ``zone`` write them.

    Where the catalogue has one for its ``cause``, or for the ``format`` of a file, that one.
    """
    shown = {name: _show_value(name, value, zone, language) for name, value in values.items()}
    for name in ("state", "states", "trigger"):
        if name in shown:
            shown[name] = _names(f"{name.rstrip('s')}.", shown[name], language)
    causes = (f"reason.{code}.{str(values.get(name)).lower()}" for name in ("cause", "format"))
    key = next((cause for cause in causes if knows(cause, language)), f"reason.{code}")
    return say(key, language, **shown)


def _show_value(name: str, value: object, zone: tzinfo, language: str) -> object:
    if value is None:
        return "—"
    if isinstance(value, str) and name in _MOMENTS:
        return show_moment(clock.read(value), zone, language)
    if isinstance(value, str) and name in _DEADLINES:
        return show_deadline(clock.read(value), zone, language)
    return value


def say_error(error: AnliError, language: str) -> str:
    """The sentence of an error; a ``problem_code`` among its values is said first and fills ``{problem}``."""
    values = dict(error.values)
    if isinstance(code := values.get("problem_code"), str):
        given = values.get("problem_values")
        values["problem"] = say(code, language, **(given if isinstance(given, dict) else values))
    if isinstance(counted := values.get("events"), dict):
        values["events"] = [
            say("format.counted", language, name=_names("event.", kind, language), count=count)
            for kind, count in counted.items()
        ]
    for name, family in (("trigger", "trigger"), ("window", "window"), ("role", "staff"), ("state", "state")):
        if name in values:
            values[name] = _names(f"{family}.", values[name], language)
    for name, value in values.items():
        if isinstance(value, datetime):
            show = show_deadline if name in _DEADLINES else show_moment
            values[name] = show(value, value.tzinfo or UTC, language)
    nearest = _suggest(error, language)
    if error.family is not None and isinstance(known := values.get("known"), list):
        values["known"] = [_with_code(error.family, word, language) for word in known]
    sentence = say(error.code, language, **values)
    return sentence.rstrip("。.") + nearest if nearest else sentence


def _suggest(error: AnliError, language: str) -> str:
    """``黄岗市：是否为 黄冈市？`` after the sentence, where a word that names nothing is like one that does."""
    word, known = error.values.get(error.asked), error.values.get("known")
    if not isinstance(word, str) or not isinstance(known, list):
        return ""
    names = {str(code): str(code) for code in known}
    if error.family is not None:
        names |= {str(_names(f"{error.family}.", code, language)): code for code in known}
    near = nearest(word, names) or (str(known[0]) if error.asked == "case" and known else None)
    return say("error.perhaps", language, word=word, near=near) if near else ""


def _names(prefix: str, value: object, language: str) -> object:
    if isinstance(value, list):
        return [say(f"{prefix}{item}", language) for item in value]
    return say(f"{prefix}{value}", language) if knows(f"{prefix}{value}", language) else value


def _with_code(family: str, word: str, language: str) -> str:
    """``推荐登记（recommend）``: what screens call it, and what is typed."""
    name = _names(f"{family}.", word, language)
    return word if name == word else say("format.with-code", language, name=name, code=word)


def show_moment(moment: datetime, zone: tzinfo, language: str) -> str:
    """A moment to the minute (to the second where it has seconds) in ``zone``."""
    local = moment.astimezone(zone)
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return say("format.moment", language, day=show_day(moment, zone, language), time=time)


def show_deadline(moment: datetime, zone: tzinfo, language: str) -> str:
    """The first moment that is too late, as people write a deadline: midnight is the end of the day before.

    ``2024年6月30日24时``, ``the end of 30 June 2024``.
    """
    local = moment.astimezone(zone)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return show_moment(moment, zone, language)
    return say("format.end-of-day", language, day=_write_out(local.date() - timedelta(days=1), language))


def show_day(moment: datetime, zone: tzinfo, language: str) -> str:
    """The day of a moment in ``zone``, written out: ``2024年6月30日``."""
    return _write_out(moment.astimezone(zone).date(), language)


@cache
def _write_out(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, format="long", locale=_LOCALES[language])


@cache
def say_state(state: str, language: str) -> str:
    """A state's name as people read it."""
    return say(f"state.{state}", language)


class _Filled(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _write(value: object, language: str) -> object:
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(reveal(str(item)) for item in value)
    return reveal(str(value)) if isinstance(value, str | PurePath) else value
