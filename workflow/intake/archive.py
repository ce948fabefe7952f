"""Attachments packed in a ZIP: its members are read as if they had been attached themselves."""

import zipfile
from collections.abc import Iterable

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.attachment import Attachment
from workflow.intake.container import (
    ContainerBroken,
    is_bomb,
    open_container,
    read_member,
)
from workflow.intake.filename import bare_filename, folder_of
from workflow.intake.formats import UNREADABLE_ARCHIVES, tell_format

_UTF8_NAME = 0x800
_LITTER = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini", "~$", "._")


class Unpacker:
    """Unpacks the archives of one mail under one budget of members and bytes."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self._members_left = limits.ARCHIVE_MEMBERS
        self._bytes_left = limits.ARCHIVE_BYTES

    def unpack(self, attachments: Iterable[Attachment], depth: int = 0) -> list[Attachment]:
        """Return the attachments with the members of each archive after it.

        An archive of another kind, broken, encrypted, nested too deep or too large when inflated is kept as it
        is and gets the reason ``archive-unreadable`` (六.5).
        """
        unpacked: list[Attachment] = []
        for attachment in attachments:
            unpacked.append(attachment)
            told = tell_format(attachment.data)
            if told in UNREADABLE_ARCHIVES:
                self._refuse(attachment, told, "format")
            elif told == "ZIP" and depth >= limits.ARCHIVE_DEPTH:
                self._refuse(attachment, told, "too-deep")
            elif told == "ZIP":
                unpacked += self.unpack(self._members(attachment), depth + 1)
        return unpacked

    def _members(self, archive: Attachment) -> list[Attachment]:
        members: list[Attachment] = []
        try:
            with open_container(archive.data) as container:
                members.extend(self._read(container, member, archive) for member in self._wanted(container))
        except ContainerBroken as error:
            self._refuse(archive, "ZIP", error.cause)
        return members

    def _wanted(self, container: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        wanted = [
            member
            for member in container.infolist()
            if not member.is_dir() and not any(part.lower().startswith(_LITTER) for part in member.filename.split("/"))
        ]
        total = sum(member.file_size for member in wanted)
        if len(wanted) > self._members_left or total > self._bytes_left or any(is_bomb(member) for member in wanted):
            raise ContainerBroken("too-large")
        return wanted

    def _read(self, container: zipfile.ZipFile, member: zipfile.ZipInfo, archive: Attachment) -> Attachment:
        data = read_member(container, member, min(self._bytes_left, limits.ATTACHMENT_BYTES))
        self._bytes_left -= len(data)
        self._members_left -= 1
        name = _decode_name(member)
        folder = "/".join(part for part in (archive.folder, archive.filename, folder_of(name)) if part)
        return Attachment(
            bare_filename(name) or "member",
            "application/octet-stream",
            data,
            name,
            folder,
        )

    def _refuse(self, archive: Attachment, told: str, cause: str) -> None:
        values = {"filename": archive.filename, "format": told, "cause": cause}
        self.reasons.append(Reason("archive-unreadable", "六.5", values))


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
