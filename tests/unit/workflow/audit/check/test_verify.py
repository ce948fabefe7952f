from tests.unit.workflow.audit.lived import check
from workflow.engine.campaign import Campaign


def test_a_campaign_that_lived_is_as_its_history_says(lived: Campaign) -> None:
    verification = check(lived)
    assert verification.problems == []
    assert verification.ok
    assert verification.events > 150
    assert len(bytes.fromhex(verification.root)) == 32
