"""What is missing of a mail, or disagrees in it, as far as its forms, its table and its files tell."""

from collections.abc import Sequence

from states.reasons import Reason
from workflow.intake.dossier import Dossier
from workflow.intake.links import LinkedFile
from workflow.intake.report import doubt_report
from workflow.intake.sorting import Item, Sorted


def doubt_forms(
    sorting: Sorted, dossiers: Sequence[Dossier], unpaired: Sequence[Item], linked: Sequence[LinkedFile]
) -> list[Reason]:
    """What is to be said of the forms beside what stands in each: none came, the table differs, files are nobody's."""
    unclaimed = _say_unpaired(unpaired, dossiers) if dossiers else []
    missing = _say_linked(sorting, linked)
    return [*missing, *doubt_report(sorting.report, [dossier.form for dossier in dossiers]), *unclaimed]


def doubt_stamp(sorting: Sorted) -> list[Reason]:
    """六.4 “推荐单位要填项目汇报表（见附件5）并盖章”: the stamped one is asked for beside the one that is read."""
    if not sorting.forms or any(item.role == "report-scan" for item in sorting.items):
        return []
    return [Reason("report-scan-missing", "六.4 附件5", blocking=False)]


def _say_linked(sorting: Sorted, linked: Sequence[LinkedFile]) -> list[Reason]:
    """That a mail without a form seems to bring it by link."""
    files = [file.name for file in linked if file.may_be_form]
    return [Reason("form-linked", "附件4 六.5", {"files": files})] if files and not sorting.forms else []


def _say_unpaired(items: Sequence[Item], dossiers: Sequence[Dossier]) -> list[Reason]:
    """What no form claims; a scan that a person has to look at anyway is not to be sent again."""
    in_doubt = {name for dossier in dossiers for name in _files_in_doubt(dossier)}
    unpaired = [item for item in items if item.role != "scan" or item.attachment.filename not in in_doubt]
    names = dict.fromkeys(item.attachment.filename for item in unpaired)
    return [Reason("attachment-unpaired", "六.5", {"filename": name}, blocking=False) for name in names]


def _files_in_doubt(dossier: Dossier) -> list[str]:
    """Those that a person has to look at and file."""
    listed = [reason.values["files"] for reason in dossier.doubts if reason.code == "scan-unclear"]
    return [str(name) for files in listed if isinstance(files, list) for name in files]
