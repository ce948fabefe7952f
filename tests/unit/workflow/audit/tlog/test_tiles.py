"""The kept tree: however the leaves come, each 256th node is written with the leaf that completes it."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise

import pytest
from sqlalchemy import Connection, text

from tests.builders.campaigns import found_rehearsal
from workflow.audit.actor import Actor
from workflow.audit.events import Denial
from workflow.audit.log import Log
from workflow.audit.tlog.fault import HistoryDamaged
from workflow.audit.tlog.proof import includes, is_consistent, prove_consistency, prove_inclusion, root_of
from workflow.audit.tlog.tiles import WIDTH, StoredTree, TileWriter, climb
from workflow.audit.tlog.tree import Frontier
from workflow.engine.campaign import Campaign


class Undone(Exception):
    """Leaves a transaction, so that nothing of it stays."""


ACTOR = Actor("wang", "organiser", "desk", "anli 1")


@pytest.fixture
def campaign(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path_factory.mktemp("nodes"))
    yield campaign
    campaign.engine.dispose()


def hashes(count: int) -> list[bytes]:
    return [sha256(b"\x00%d" % number).digest() for number in range(count)]


def root_by_growing(leaf_hashes: list[bytes]) -> bytes:
    frontier = Frontier()
    for each in leaf_hashes:
        frontier.append(each)
    return frontier.root()


def write(campaign: Campaign, count: int) -> None:
    with campaign.writing() as (_, connection):
        log = Log(connection, ACTOR, "ab", campaign.now, None)
        log.append(Denial(command=str(number)) for number in range(count))


def read_hashes(connection: Connection) -> list[bytes]:
    return [bytes(each) for each in connection.execute(text("SELECT leaf_hash FROM events ORDER BY seq")).scalars()]


def kept(connection: Connection) -> list[tuple[int, int]]:
    return [tuple(row) for row in connection.execute(text("SELECT level, place FROM nodes ORDER BY level, place"))]


def test_nodes_come_with_the_leaf_that_completes_them(campaign: Campaign) -> None:
    for count, nodes in ((254, 0), (1, 1), (100, 1), (155, 1), (1, 2), (600, 4), (168, 5)):
        write(campaign, count)
        with campaign.reading() as connection:
            assert kept(connection) == [(1, place) for place in range(nodes)]
            leaf_hashes = read_hashes(connection)
            assert root_of(StoredTree(connection).node, len(leaf_hashes)) == root_by_growing(leaf_hashes)


def test_many_appends_in_one_transaction(campaign: Campaign) -> None:
    with campaign.writing() as (_, connection):
        log = Log(connection, ACTOR, "ab", campaign.now, None)
        for count in (1, 250, 10, 255, 256, 257, 0, 1000, 3):
            log.append(Denial(command=str(number)) for number in range(count))
    with campaign.reading() as connection:
        leaf_hashes = read_hashes(connection)
        assert kept(connection) == [(1, place) for place in range(len(leaf_hashes) // WIDTH)]
        assert root_of(StoredTree(connection).node, len(leaf_hashes)) == root_by_growing(leaf_hashes)


def test_nodes_of_nodes(campaign: Campaign) -> None:
    """A second level, over 65,536 leaves, without writing as many events."""
    leaf_hashes = hashes(WIDTH * WIDTH * 2 + 700)
    with campaign.engine.connect() as connection, connection.begin() as transaction:
        tiles = TileWriter(connection, 0)
        for start, end in pairwise([0, 255, 65_000, 65_536, 100_000, len(leaf_hashes)]):
            tiles._open = leaf_hashes[start - start % WIDTH : start]
            tiles.add(leaf_hashes[start:end])
        above = connection.execute(text("SELECT hash FROM nodes WHERE level = 2 ORDER BY place")).scalars().all()
        assert kept(connection)[:1] == [(1, 0)]
        assert len(kept(connection)) == 512 + 2 + 2
        levels = climb(leaf_hashes)
        assert [bytes(each) for each in above] == levels[16]
        transaction.rollback()


def test_proofs_from_the_kept_tree(campaign: Campaign) -> None:
    write(campaign, 1_400)
    with campaign.reading() as connection:
        leaf_hashes, node = read_hashes(connection), StoredTree(connection).node
        for size in (1, 255, 256, 257, 511, 512, 1_000, 1_401):
            root = root_by_growing(leaf_hashes[:size])
            for index in {0, 1, 255, 256, 300, 511, 512, size - 1} & set(range(size)):
                assert includes(leaf_hashes[index], index, size, prove_inclusion(node, index, size), root)
            path = prove_consistency(node, size, 1_401)
            assert is_consistent(size, 1_401, root, root_by_growing(leaf_hashes), path)


def test_what_the_tree_rests_on_is_missed(campaign: Campaign) -> None:
    write(campaign, 600)
    with campaign.reading() as connection, pytest.raises(HistoryDamaged):
        StoredTree(connection).node(8, 2)
    with campaign.reading() as connection, pytest.raises(HistoryDamaged):
        root_of(StoredTree(connection).node, 602)


def test_nodes_vanish_with_their_transaction(campaign: Campaign) -> None:
    with suppress(Undone), campaign.writing() as (_, connection):
        Log(connection, ACTOR, "ab", campaign.now, None).append(Denial(command=str(n)) for n in range(600))
        assert len(kept(connection)) == 2
        raise Undone
    with campaign.reading() as connection:
        assert kept(connection) == []
