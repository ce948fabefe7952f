"""A form and what belongs to it, put together as a dossier: scans checked, media measured, captions found."""

from collections.abc import Sequence

from states.facts import Picture, Video
from states.reasons import Reason
from workflow.intake.captions import Captions, file_place
from workflow.intake.characters import count_characters
from workflow.intake.dossier import Dossier
from workflow.intake.formats import belies
from workflow.intake.links import LinkedFile
from workflow.intake.pairing import Belongings
from workflow.intake.pdf import Patience
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal
from workflow.intake.scan import Scan, check_scan
from workflow.intake.sorting import FormItem, Item, say_converted
from workflow.intake.video import measure_video


def assemble(form: FormItem, own: Belongings, captions: Captions, patience: Patience) -> Dossier:
    """Put a form and its files together, each measured; what cannot be decided about them is a doubt."""
    scans: list[Scan] = []
    pictures: list[Picture] = []
    videos: list[Video] = []
    reasons: list[Reason] = []
    for item in own.items:
        filename, data = item.attachment.filename, item.attachment.data
        characters = count_characters(captions.get(file_place(item), ""))
        try:
            if item.role == "scan":
                scans.append(Scan(filename, check_scan(data, filename, patience), item.sha256))
            elif item.role == "picture":
                picture = measure_picture(data, filename)
                pictures.append(Picture(filename, picture.format, picture.dpi, characters))
            else:
                video = measure_video(data, filename)
                videos.append(Video(filename, video.format, video.width, video.height, characters))
        except Refusal as refusal:
            reasons.append(refusal.reason)
            if item.role == "picture":
                pictures.append(Picture(filename, item.format, 0.0, characters))
            elif item.role == "video":
                videos.append(Video(filename, item.format, 0, 0, characters))
    unreadable = [reason for reason in reasons if reason.code == "scan-unreadable"]
    doubts = [*form.form.doubts, *unreadable]
    if not scans and not unreadable:
        doubts += _doubt_scan(own, captions)
    doubts += _doubt_names([form.item, *own.items])
    doubts += [doubt_link(file) for file in own.linked]
    copies = [form.item.copy_sha256] if form.item.copy else []
    documents = dict.fromkeys([form.item.sha256, *copies, *(item.sha256 for item in own.items)])
    return Dossier(
        form=form.form,
        form_filename=form.item.attachment.filename,
        form_sha256=form.item.sha256,
        scans=tuple(scans),
        pictures=tuple(pictures),
        videos=tuple(videos),
        documents=tuple(documents),
        filenames=(
            form.item.attachment.filename,
            form.item.copy_name,
            *(item.attachment.filename for item in own.items),
        ),
        reasons=(*say_converted(form.item), *(reason for reason in reasons if reason not in unreadable), *own.lost),
        doubts=tuple(doubts),
        captions={item.sha256: said for item in own.items if (said := captions.get(file_place(item)))},
    )


def doubt_link(file: LinkedFile) -> Reason:
    """A file that a person has to fetch before its link leads nowhere."""
    until = file.until.isoformat() if file.until is not None else None
    return Reason(
        "link-expires", "六.5", {"filename": file.name, "size": file.size or None, "until": until}, blocking=False
    )


def _doubt_scan(own: Belongings, captions: Captions) -> list[Reason]:
    """The files that may be the stamped scan; a picture that the unit describes is a picture."""
    files = [item.attachment.filename for item in own.may_be_scan if not captions.get(file_place(item))]
    return [Reason("scan-unclear", "六.4 六.5", {"files": list(dict.fromkeys(files))})] if files else []


def _doubt_names(items: Sequence[Item]) -> list[Reason]:
    return [
        Reason("media-misnamed", "六.5", {"filename": item.attachment.filename, "format": item.format}, blocking=False)
        for item in items
        if belies(item.attachment.filename, item.format)
    ]
