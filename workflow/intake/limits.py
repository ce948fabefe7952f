"""How much of a mail is read at most. Each limit is far above any honest submission and far below what hurts."""

from typing import NamedTuple

MEBIBYTE = 1024 * 1024

READING_SECONDS = 60
READING_SECONDS_OF_MEBIBYTE = 1
READING_MEMORY_BYTES = 1024 * MEBIBYTE
READING_MEMORY_OF_BYTE = 4
LINES = 100_000
BYTES_OF_LINE = 40
FORMS = 50
BYTES_OF_FORM = 2048
"""A mail may hold one line more for every 40 bytes of it, and one form more for every 2048."""


class Budget(NamedTuple):
    """What the reading of one mail may take. seconds: of the processor, without what other programs convert or unpack;
    memory_bytes: beside what the program takes itself; lines: of the mail as it came; forms: filled ones."""

    seconds: int
    memory_bytes: int
    lines: int
    forms: int


def budget_of(size: int) -> Budget:
    """The budget of a mail of ``size`` bytes: an honest one of any size takes less than half of it."""
    return Budget(
        READING_SECONDS + READING_SECONDS_OF_MEBIBYTE * size // MEBIBYTE,
        READING_MEMORY_BYTES + READING_MEMORY_OF_BYTE * size,
        LINES + size // BYTES_OF_LINE,
        FORMS + size // BYTES_OF_FORM,
    )


MAIL_BYTES = 200 * MEBIBYTE
ATTACHMENT_BYTES = 100 * MEBIBYTE
ATTACHMENTS = 400
MAIL_PARTS = 2000
MULTIPART_DEPTH = 40
FORWARDED_DEPTH = 8
BODY_BYTES = 1 * MEBIBYTE
FILENAME_CHARACTERS = 200

ARCHIVE_DEPTH = 2
ARCHIVE_MEMBERS = 400
ARCHIVE_BYTES = 200 * MEBIBYTE
ARCHIVE_RATIO = 100
ARCHIVE_RATIO_FROM_BYTES = 1 * MEBIBYTE
ARCHIVE_DIRECTORY_BYTES = 1 * MEBIBYTE

DOCUMENT_BYTES = 8 * MEBIBYTE
PACKAGE_LIST_BYTES = 1 * MEBIBYTE
DOCUMENT_MARKS = 400_000
DOCUMENT_DEPTH = 150
DOCUMENT_CHARACTERS = 1_000_000
TABLE_DEPTH = 10
TABLE_ROWS = 2000
TABLE_COLUMNS = 63

CONVERTED_BYTES = 32 * MEBIBYTE
CONVERSION_SECONDS = 40
CONVERSION_SECONDS_OF_MAIL = 120
OTHER_PROGRAMS_SECONDS = 2 * CONVERSION_SECONDS_OF_MAIL
"""What a mail's conversion, scans and archives may take beside its reading."""
CONVERSION_MEMORY_KIB = 3 * 1024 * 1024

PICTURE_PIXELS = 120_000_000
PICTURE_SEGMENTS = 100_000
PICTURE_FILL = 4096
VIDEO_BOXES = 10_000
