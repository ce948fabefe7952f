"""Attachments packed in a ZIP: its members are read as if they had been attached themselves."""

import zipfile
from collections.abc import Iterable
from dataclasses import replace

from states.reasons import Reason
from workflow.intake import limits, seven_zip
from workflow.intake.attachment import Attachment
from workflow.intake.container import (
    ContainerBroken,
    is_bomb,
    open_container,
    read_member,
)
from workflow.intake.contents import Contents
from workflow.intake.filename import bare_filename, folder_of, is_litter
from workflow.intake.formats import PICTURES, UNREADABLE_ARCHIVES, VIDEOS

_UTF8_NAME = 0x800
_WORTH_KEEPING = PICTURES | VIDEOS | {"DOCX", "PDF", "OFD"}


class Unpacker:
    """Unpacks the archives of one mail under one budget of members and bytes; contents: of the mails among them."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.contents = Contents(self.reasons)
        self._members_left = limits.ARCHIVE_MEMBERS
        self._bytes_left = limits.ARCHIVE_BYTES

    def unpack(self, attachments: Iterable[Attachment], depth: int = 0) -> list[Attachment]:
        """Return the attachments with the members of each archive after it, and without what programs left behind.

        An archive of another kind, broken, encrypted, nested too deep or too large when inflated is kept as it
        is and gets the reason ``archive-unreadable`` (六.5). A mail in an archive is opened like one attached.
        """
        unpacked: list[Attachment] = []
        for attachment in attachments:
            kind = attachment.kind
            if is_litter(attachment.filename) and kind not in _WORTH_KEEPING:
                continue
            if depth and self.contents.opens(attachment):
                unpacked += self.unpack(self.contents.read_file(attachment), depth)
                continue
            unpacked.append(attachment)
            if kind not in UNREADABLE_ARCHIVES and kind != "ZIP":
                continue
            if depth >= limits.ARCHIVE_DEPTH:
                self._refuse(attachment, kind, ContainerBroken("too-deep"))
            else:
                members = self._members(attachment) if kind == "ZIP" else self._members_by_program(attachment, kind)
                unpacked += self.unpack(members, depth + 1)
        return unpacked

    def _members_by_program(self, archive: Attachment, kind: str) -> list[Attachment]:
        """What another program takes out, where there is one."""
        try:
            if kind == "TNEF":
                raise ContainerBroken("format")
            members = seven_zip.unpack(archive.data, self._members_left, self._bytes_left)
        except ContainerBroken as error:
            self._refuse(archive, kind, error)
            return []
        self._members_left -= len(members)
        self._bytes_left -= sum(len(member.data) for member in members)
        return [_attach(archive, name, data) for name, data in members if not is_litter(name)]

    def _members(self, archive: Attachment) -> list[Attachment]:
        """Those that can be read; of the others each is named, or the archive where it is all of them."""
        members: list[Attachment] = []
        refused: list[tuple[str, ContainerBroken]] = []
        try:
            with open_container(archive.data) as container:
                for member in self._wanted(container):
                    try:
                        members.append(self._read(container, member, archive))
                    except ContainerBroken as error:
                        refused.append((bare_filename(_decode_name(member)), error))
        except ContainerBroken as error:
            self._refuse(archive, "ZIP", error)
        if refused and not members:
            self._refuse(archive, "ZIP", refused[0][1])
        elif refused:
            for name, cause in refused:
                self._refuse(replace(archive, filename=f"{archive.filename}/{name}"), "ZIP", cause)
        return members

    def _wanted(self, container: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        wanted = [
            member for member in container.infolist() if not member.is_dir() and not is_litter(_decode_name(member))
        ]
        total = sum(member.file_size for member in wanted)
        if len(wanted) > self._members_left or total > self._bytes_left or any(is_bomb(member) for member in wanted):
            raise ContainerBroken("too-large")
        return wanted

    def _read(self, container: zipfile.ZipFile, member: zipfile.ZipInfo, archive: Attachment) -> Attachment:
        data = read_member(container, member, min(self._bytes_left, limits.ATTACHMENT_BYTES))
        self._bytes_left -= len(data)
        self._members_left -= 1
        return _attach(archive, _decode_name(member), data)

    def _refuse(self, archive: Attachment, kind: str, error: ContainerBroken) -> None:
        values = {"filename": archive.filename, "format": kind, "cause": error.cause}
        detail = {"method": error.detail} if error.detail else {}
        self.reasons.append(Reason("archive-unreadable", "六.5", {**values, **detail}))


def _attach(archive: Attachment, name: str, data: bytes) -> Attachment:
    folder = "/".join(part for part in (archive.folder, archive.filename, folder_of(name)) if part)
    return Attachment(bare_filename(name) or "member", "application/octet-stream", data, name, folder)


def _decode_name(member: zipfile.ZipInfo) -> str:
    """Windows writes names in GB 18030 without saying so, others in UTF-8; the flag says UTF-8 (APPNOTE D.2)."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    raw = member.orig_filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename
