from io import BytesIO
from random import Random

import pytest
from PIL import Image

from workflow.demo.pictures import write_picture


@pytest.mark.parametrize(("suffix", "kind"), [("jpg", "JPEG"), ("png", "PNG")])
def test_picture_opens_at_300_dpi(suffix: str, kind: str) -> None:
    with Image.open(BytesIO(write_picture(Random(1), suffix))) as picture:
        picture.load()
        assert (picture.format, picture.size) == (kind, (1800, 1200))
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.001)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_no_two_pictures_are_alike_but_a_seed_repeats(suffix: str) -> None:
    rng, again = Random(5), Random(5)
    pictures = [write_picture(rng, suffix) for _ in range(20)]
    assert len(set(pictures)) == 20
    assert pictures == [write_picture(again, suffix) for _ in range(20)]
    assert max(map(len, pictures)) < 100_000
