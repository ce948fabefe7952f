"""Files that came as links: large attachments of mail services, shares of net disks, until they vanish."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from workflow.intake.filename import bare_filename
from workflow.intake.page import Line, Link
from workflow.intake.scan import FORM_WORDS

_HOSTS = (
    "pan.baidu.com", "yun.baidu.com", "aliyundrive.com", "alipan.com", "pan.quark.cn", "drive.uc.cn", "cloud.189.cn",
    "share.weiyun.com", "weiyun.com", "ftn.qq.com", "mail.ftn.qq.com", "drive.weixin.qq.com",
    "drive.qq.com", "docs.qq.com",
    "123pan.com", "123684.com", "115.com", "anxia.com", "pan.xunlei.com", "caiyun.139.com", "yun.139.com",
    "jianguoyun.com", "cowtransfer.com", "wenshushu.cn", "wss.ink", "lanzou.com", "ctfile.com", "feijipan.com",
    "dropbox.com", "1drv.ms", "onedrive.live.com", "drive.google.com", "wetransfer.com", "we.tl", "mega.nz",
    "kdocs.cn", "365.kdocs.cn", "pan.wps.cn", "feishu.cn", "yunpan.360.cn", "pan.sohu.net", "vdisk.weibo.com",
)  # fmt: skip
_HOST_PATTERN = re.compile(
    r"(?:^|\.)lanzou[a-z]\.com$|(?:^|\.)(?:my|pan|cloud|drive|disk|netdisk|yunpan)\.[a-z0-9-]+\.(?:edu|gov)\.cn$"
)
_PATHS = re.compile(
    r"/ftn/|ftnexs|exs_ftn|large-?attachment|huge-?attachment|big-?attach|netease-huge|cloud-?attach|bigfile",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    "超大附件|大附件|云附件|网盘|云盘|中转站|文件传输|快传|微云|cloud attachment|large attachment", re.IGNORECASE
)
_FILE = re.compile(
    r"[^\s:：/\\<>|\"“”‘’《》（(【\[][^:：/\\<>|\"“”《》\n]{0,180}?\."
    r"(?:docx?|wps|pdf|ofd|jpe?g|png|gif|bmp|tiff?|heic|mp4|mov|avi|wmv|mkv|flv|mpe?g|m4v|3gp|rmvb|xlsx?|pptx?|zip|rar|7z|tar|gz|txt)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHARED = re.compile("(?:分享的文件|分享文件|文件名|文件名称|附件)[:：]?\\s{0,3}[“《]?([^\\s“”《》:：]{1,120})")
_SIZE = re.compile(r"(?<![\w.])(\d{1,4}(?:[.,]\d{1,3})?)\s?(K|M|G|T)i?B?(?![A-Za-z])", re.IGNORECASE)
_DAY = (
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
    r"(?:\s{0,3}(\d{1,2})\s?[:：]\s?(\d{2})(?:[:：]\d{2})?)?"
)
_EXPIRES = re.compile(
    rf"{_DAY}\s{{0,3}}(?:前|之前|后)?(?:到期|过期|失效|有效|下载|expire)"
    rf"|(?:有效期|到期时间|过期时间|失效时间|到期日|截止|有效至|expir\w{{1,5}}|valid)[^0-9\n]{{0,12}}{_DAY}",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"(?:有效期?|保存|失效|过期|到期|expir\w{1,5})[^0-9\n]{0,8}(\d{1,3})\s?(天|日|小时|days?|hours?)"
    r"|(\d{1,3})\s?(天|日|小时|days?|hours?)(?:内|之内|后)?(?:有效|过期|失效|到期)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’，。；、（）《》]{4,500}", re.IGNORECASE)
_MEDIA = frozenset(
    {"jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "heic", "mp4", "mov", "avi", "wmv", "mkv", "flv", "mpg", "mpeg",
     "m4v", "3gp", "rmvb", "txt", "ppt", "pptx"}
)  # fmt: skip
_NEAR = 2
_MOST = 100
_LEADS_ELSEWHERE = frozenset(
    {"", "下载", "点击下载", "立即下载", "进入下载页面", "预览", "在线预览", "转存", "收藏", "download", "打开"}
)


class LinkedFile(NamedTuple):
    """A file that is not in the mail. until: aware, when it vanishes, None where nothing is said of that."""

    name: str
    size: str
    until: datetime | None

    @property
    def may_be_form(self) -> bool:
        """Whether it may be the form itself, or hold it."""
        extension = self.name.rpartition(".")[2].lower()
        return any(word in self.name for word in FORM_WORDS) or extension not in _MEDIA


class _Seen(NamedTuple):
    link: Link
    place: int
    name: str


def find_linked(lines: Sequence[Line], sent: datetime | None, zone: tzinfo) -> tuple[LinkedFile, ...]:
    """The files that a mail brings by link; a mail's links that bring none are left out.

    What is said of one is looked for in its line and the next two. sent: for how long a link lasts counts from then.
    """
    says_so = any(_SAYS_SO.search(line.text) for line in lines)
    seen: list[_Seen] = []
    for place, line in enumerate(lines):
        for link in (*line.links, *_bare_links(line)):
            near = "\n".join(each.text for each in lines[place : place + _NEAR + 1])
            if len(seen) < _MOST and _brings_file(link, near, says_so):
                seen.append(_Seen(link, place, _name_of(link, lines, place)))
    return tuple(_join(seen, lines, sent, zone))


def _bare_links(line: Line) -> Iterator[Link]:
    known = {link.address for link in line.links}
    for found in _ADDRESS.finditer(line.text):
        if found[0] not in known and not any(found[0] in link.words for link in line.links):
            yield Link(found[0], "")


def _brings_file(link: Link, text: str, says_so: bool) -> bool:
    try:
        parts = urlsplit(link.address)
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    if parts.scheme.lower() not in ("http", "https") or not host:
        return False
    if any(host == known or host.endswith(f".{known}") for known in _HOSTS) or _HOST_PATTERN.search(host):
        return len(parts.path.strip("/")) > 1 or bool(parts.query)
    if _PATHS.search(link.address):
        return True
    if _FILE.fullmatch(link.words.strip()):
        return True
    is_file = _FILE.search(link.words) is not None or _FILE.search(unquote(parts.path)) is not None
    is_measured = _SIZE.search(text) is not None or _EXPIRES.search(text) is not None
    return is_file and (says_so or is_measured)


def _name_of(link: Link, lines: Sequence[Line], place: int) -> str:
    """What the link is called, what stands beside it, or the last part of its address."""
    if found := _FILE.search(link.words):
        return found[0]
    near = [lines[at].text for at in (place, place - 1, place - 2, place + 1) if 0 <= at < len(lines)]
    plain = [_ADDRESS.sub(" ", text) for text in near]
    if found := next((found for text in plain if (found := _FILE.search(text))), None):
        return found[0]
    last = unquote(urlsplit(link.address).path).rpartition("/")[2]
    if _FILE.fullmatch(last):
        return last
    shared = next((shared for text in plain if (shared := _SHARED.search(text))), None)
    return shared[1] if shared is not None else ""


def _join(seen: Iterable[_Seen], lines: Sequence[Line], sent: datetime | None, zone: tzinfo) -> Iterator[LinkedFile]:
    """Each file once, however many links lead to it."""
    named: dict[str, list[_Seen]] = {}
    for each in seen:
        host = urlsplit(each.link.address).hostname or ""
        if (
            not each.name
            and each.link.words.lower() in _LEADS_ELSEWHERE
            and any(
                other.place in range(each.place - _NEAR, each.place + 1)
                for others in named.values()
                for other in others
            )
        ):
            continue
        named.setdefault(bare_filename(each.name) or host, []).append(each)
    for name, links in named.items():
        texts = [lines[at].text for each in links for at in range(each.place, min(each.place + _NEAR + 1, len(lines)))]
        others = [other for other in named if other != name]
        near = "\n".join(_until_next(text, others) for text in texts)
        size = _SIZE.search(_ADDRESS.sub(" ", near))
        yield LinkedFile(name, re.sub(r"\s", "", size[0]) if size else "", _read_until(near, sent, zone))


def _until_next(text: str, others: Iterable[str]) -> str:
    """A text as far as it speaks of one file: another's name ends it."""
    return text[: min((at for other in others if (at := text.find(other)) >= 0), default=len(text))]


def _read_until(text: str, sent: datetime | None, zone: tzinfo) -> datetime | None:
    try:
        if found := _EXPIRES.search(text):
            year, month, day, hour, minute = found.groups()[:5] if found[1] else found.groups()[5:]
            end = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=zone)
            return end if hour else end + timedelta(days=1)
        if (lasts := _LASTS.search(text)) and sent is not None:
            number, unit = int(lasts[1] or lasts[3]), (lasts[2] or lasts[4]).lower()
            is_hours = unit.startswith(("小时", "hour"))
            return sent + (timedelta(hours=number) if is_hours else timedelta(days=number))
    except (ValueError, OverflowError):
        return None
    return None
