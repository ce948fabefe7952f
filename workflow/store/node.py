"""Inner nodes of the tree over the history: of every 256 leaves one, and of every 256 of those one, and so on."""

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class Node(SQLModel, table=True):
    """The hash of a complete subtree: at ``level`` of 256^level leaves, the ``place``-th such, counted from 0.

    The nodes between are worked out from these when they are asked for; level 0 is the events' own leaf hashes.
    """

    __tablename__ = "nodes"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
