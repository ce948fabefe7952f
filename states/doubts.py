"""What a machine may be unable to decide of what came, for a person to settle."""

from collections.abc import Mapping

DOUBTS: Mapping[str, bool] = {
    "category-unclear": True,
    "scan-unclear": True,
    "scan-unreadable": True,
    "media-misnamed": False,
    "link-expires": False,
    "zone-assumed": False,
    "report-scan-missing": False,
}
"""Of each the code of its reason, and whether it blocks until it is settled: one about what a guard needs does."""
