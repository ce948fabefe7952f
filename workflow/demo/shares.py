"""How many sound cases each unit sends: its places (附件1, 六.2) less what the sample mailbox sends already."""

from collections.abc import Mapping

SAMPLED: Mapping[str, int] = {"孝感市": 5, "鄂州市": 4, "湖北省教育厅": 3, "荆楚示例网": 2, "荆州市": 1}
"""Sound cases within their units' places in the sample mailbox."""


def share_out(total: int, quotas: Mapping[str, int]) -> dict[str, int]:
    """What is to be generated for each unit, so that with the samples there are ``total`` (never fewer than theirs).

    In proportion to the places the samples leave, by largest remainder; as many as all quotas fill every one exactly.
    """
    left = {unit: max(0, quota - SAMPLED.get(unit, 0)) for unit, quota in quotas.items()}
    places = sum(left.values())
    wanted = max(0, total - sum(SAMPLED.values())) if places else 0
    shares = {unit: wanted * weight // places if places else 0 for unit, weight in left.items()}
    by_remainder = sorted(left, key=lambda unit: -(wanted * left[unit] % places) if places else 0)
    for unit in by_remainder[: wanted - sum(shares.values())]:
        shares[unit] += 1
    return shares
