"""The stamped scan of a form: a page that really opens (六.5: 盖章文件扫描件), and what a file's name says of it."""

import re
from dataclasses import dataclass
from enum import Enum

from states.reasons import Reason
from workflow.intake.container import find_directory, list_names
from workflow.intake.formats import PICTURES, tell_format
from workflow.intake.pdf import Patience
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal

FORM_WORDS = ("推荐表", "申报表", "推荐书", "申报书")

_SURE = re.compile("扫描[件版页图]|盖章扫描|(?:盖章|签章|签字|公章)[件版页]|签字盖章|盖章签字|[已加][加盖]盖?公?章")
_HINTS = re.compile("扫描|盖章|签章|公章|签字|(?<![a-z])(?:scan(?:ned|s)?|stamp(?:ed)?|signed|sealed)(?![a-z])")
_SCENE = re.compile(
    "仪式|现场|活动|签约|合影|会议|揭牌|授牌|颁奖|比赛|大赛|培训|讲座|宣讲|参观|采访|二维码|扫码|协议|合同|留念|瞬间"
    r"|图\s{0,3}[0-9一二三四五六七八九十]|(?<![a-z])fig(?:ure)?(?![a-z])|ceremony"
)
_SAYS_NOTHING = re.compile(
    "微信图片|微信截图|微信|qq图片|qq截图|扫描全能王|全能扫描王|新文档|新建|文档|未命名|无标题|照片|图片|图像|相片|拍照"
    "|截图|屏幕|文件|附件|副本|材料|资料|报送|推荐|申报|案例|项目|定稿|最终|终稿|单位|意见|页|第|版|件|的|年|月|日|上午|下午"
    "|(?<![a-z])(?:mmexport|wechatimg|wechat|weixin|wx[_ ]?camera|img|image|imag|dsc[fn]?|dcim|pic|photo|picture|screen"
    "|shot|screenshot|camscanner|untitled|document|doc|file|page|copy|hdr|burst|portrait|jpeg|jpg|png|pdf"
    "|[0-9a-f]{8,40})(?![a-z])"
)
_SIGNS = re.compile(r"[\W\d_]+")
_LITTLE = 3

_TRAILER_BYTES = 4096


class Likely(Enum):
    """Whether a file is a stamped scan, as far as its name says."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True)
class Scan:
    """A stamped scan: its name, the format its bytes tell, and the SHA-256 (hex) of its bytes."""

    filename: str
    format: str
    sha256: str


def judge_name(words: str, is_picture: bool) -> Likely:
    """Judge a file's own words, its case's and applicant's names left out; a picture's have to say more.

    A picture is a scan where its name says so and shows nothing else (合作协议签字仪式 is a photo of a ceremony). One
    whose name says nothing (mmexport1718676600.jpg) may be one.
    """
    names_form = any(word in words for word in FORM_WORDS)
    shows_scene = _SCENE.search(words) is not None
    if _SURE.search(words) or (names_form and not shows_scene):
        return Likely.YES
    if shows_scene:
        return Likely.MAYBE if names_form else Likely.NO
    rest = _SIGNS.sub("", _SAYS_NOTHING.sub("", _HINTS.sub("", words)))
    if _HINTS.search(words):
        return Likely.YES if not is_picture or not rest else Likely.MAYBE
    return Likely.MAYBE if len(rest) <= (0 if is_picture else _LITTLE) else Likely.NO


def check_scan(data: bytes, filename: str, patience: Patience | None = None) -> str:
    """Return the scan's format; raises Refusal (``scan-unreadable``) where it is no page that anybody can open."""
    kind = tell_format(data)
    if kind == "PDF":
        whole = b"startxref" in data[-_TRAILER_BYTES:]
        cause = (patience or Patience()).fault_of(data) if whole else "damaged"
        if cause is None:
            return kind
        raise _unreadable(filename, cause)
    if kind == "OFD":
        directory = find_directory(data) or b""
        if any(name.endswith("content.xml") or "/pages/" in name for name in list_names(directory)):
            return kind
    if kind in PICTURES:
        try:
            return measure_picture(data, filename).format
        except Refusal as refusal:
            raise _unreadable(filename, "damaged") from refusal
    raise _unreadable(filename, "damaged")


def _unreadable(filename: str, cause: str) -> Refusal:
    return Refusal(Reason("scan-unreadable", "六.5", {"filename": filename, "cause": cause}))
