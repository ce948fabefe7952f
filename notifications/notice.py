"""What a mail system tells people of a letter that it could not deliver, where it writes no report of RFC 3464."""

import re
from collections.abc import Sequence

from lxml import etree

from notifications.bounce import Recipient
from notifications.words import plain

ADDRESS = re.compile(r"[^\s<>,;:\"'()（）：；，、。\[\]]{1,200}@[A-Za-z0-9_.-]{1,200}[A-Za-z0-9]")

_REPLY = re.compile(
    r"(?<![0-9.#])(?P<code>[45][0-5][0-9])(?:[ -]|(?=[^\x00-\x7f]))\s{0,3}"
    r"(?:#?(?P<status>[45]\.[0-9]{1,3}\.[0-9]{1,3})\s)?(?=[^\s0-9])[^\n]{1,400}"
)
_STATUS = re.compile(r"(?<![0-9.])(?P<status>[45]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_DELAY = re.compile(
    r"delayed|will (?:be )?retr|still (?:be )?trying|not yet been delivered|no action is required"
    r"|延迟|稍后.{0,10}重试|继续尝试|将重试|暂未送达",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"undeliver|not (?:be )?delivered|could ?n[o']t be delivered|delivery .{0,30}fail|fail.{0,20}deliver"
    r"|returned to sender|rejected|returned mail|permanent"
    r"|退信|退回|被退|无法送达|无法投递|投递失败|发送失败|拒收|不存在",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[ \t>]{0,9}(?:[-=_*]{2,9}[^-=_*\n][^\n]{0,60}(?:original|copy|returned|forwarded|below|原始?邮件|原信|原文|副本)"
    r"|(?:return-path|received|message-id|x-[a-z-]{1,40}):\s)",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(r"^[ \t>]{0,9}Message-ID:\s{0,9}(<[!-;=?-~]{1,400}>)", re.IGNORECASE | re.MULTILINE)
_MOST_ADDRESSES = 20
_UNSEEN = frozenset({"script", "style", "head", "title"})
_LINES = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "pre", "blockquote"})


def read_notice(text: str, named: Sequence[str] = ()) -> Recipient | None:
    """What became of the recipients a notice speaks of; None where it names neither one nor a server's reply.

    named: addresses that the notice gives in a field of its own. The letter that it quotes is not read.
    """
    own = text[: copied.start()] if (copied := _COPY.search(text)) else text
    addresses = tuple(dict.fromkeys([*named, *(found[0].lower() for found in ADDRESS.finditer(own))]))
    reply = _REPLY.search(own)
    if reply is None and not addresses:
        return None
    status = _status_of(own, reply)
    return Recipient(_action_of(own, status), status, addresses[:_MOST_ADDRESSES], _words_of(own, reply))


def named_letters(text: str) -> list[str]:
    """The Message-IDs of letters that a notice quotes with their fields."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def text_of_html(page: str) -> str:
    """What an HTML page shows, a line for each block; ``""`` where it cannot be read."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    pieces: list[str] = []
    for step, element in etree.iterwalk(root, events=("start", "end")) if root is not None else ():
        seen = element.tag not in _UNSEEN
        if element.tag in _LINES:
            pieces.append("\n")
        elif element.tag in ("td", "th"):
            pieces.append(" ")
        said = element.text if step == "start" and seen else element.tail if step == "end" else None
        pieces.append((said or "").replace("\n", " "))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _status_of(text: str, reply: re.Match[str] | None) -> str:
    if reply is not None:
        return reply["status"] or f"{reply['code'][0]}.0.0"
    found = _STATUS.search(text)
    return found["status"] if found else ""


def _action_of(text: str, status: str) -> str:
    if _DELAY.search(text):
        return "delayed"
    return "failed" if status.startswith("5") or _FAILURE.search(text) else ""


def _words_of(text: str, reply: re.Match[str] | None) -> str:
    """The server's reply first, for it decides; then what is said to people."""
    if reply is None:
        return plain(" ".join(text.split()))
    rest = " ".join(f"{text[: reply.start()]} {text[reply.end() :]}".split())
    said = " ".join(reply[0].split())
    return plain(f"{said} ({rest})" if rest else said)
