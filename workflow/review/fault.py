"""What can be wrong with a sheet as a whole; nothing is changed then. What is wrong with a row is a reason."""

from workflow.errors import AnliError, UsageError


class SheetMissing(AnliError):
    """No such file, or it cannot be opened: values are file."""

    code = "error.sheet-missing"


class SheetUnreadable(AnliError):
    """Neither text in a known character set nor an XLSX workbook: values are file."""

    code = "error.sheet-unreadable"


class SheetDamaged(AnliError):
    """Cut off or broken on its way: values are file, row (0 where unknown)."""

    code = "error.sheet-damaged"

    def __init__(self, *, file: str, row: int) -> None:
        if row:
            self.code = "error.sheet-damaged-row"
        super().__init__(file=file, row=row)


class SheetLocked(AnliError):
    """A workbook of the old .xls kind, or one with a password: values are file."""

    code = "error.sheet-locked"


class SheetTooLarge(AnliError):
    """More than is read: values are file, megabytes, rows, columns (the most that are read of each)."""

    code = "error.sheet-too-large"


class SheetEmpty(AnliError):
    """No row below the heading: values are file."""

    code = "error.sheet-empty"


class SheetSeveral(AnliError):
    """More than one sheet of a workbook could be meant: values are file, sheets (their names)."""

    code = "error.sheet-several"


class SheetHidden(AnliError):
    """What is to be imported stands on a hidden sheet: values are file, sheets (their names)."""

    code = "error.sheet-hidden"


class ColumnHidden(AnliError):
    """A column that is asked for is hidden: values are file, columns (the headings, as written)."""

    code = "error.column-hidden"


class ColumnMissing(AnliError):
    """Values are file, row (of the heading), columns (the headings it lacks)."""

    code = "error.column-missing"


class ColumnDuplicate(AnliError):
    """Two headings that mean the same: values are file, row (of the heading), columns (both as written)."""

    code = "error.column-duplicate"


class SheetFormatUnknown(UsageError):
    """A name that ends neither in .csv nor in .xlsx: values are file."""

    code = "error.sheet-format-unknown"
