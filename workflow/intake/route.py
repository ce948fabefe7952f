"""What two recommendations of the same case share (六.1)."""

from workflow.normal_form import to_nfkc


def route_of(name: str, applicant: str) -> str:
    """The case's name and applicant without width, case, spaces and punctuation, joined by ``|``."""
    return f"{_bare(name)}|{_bare(applicant)}"


def _bare(text: str) -> str:
    folded = to_nfkc(text).casefold()
    return "".join(character for character in folded if character.isalnum())
