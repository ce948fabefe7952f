"""Mails looked at in mailboxes on servers, so that none is fetched twice."""

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class Fetch(SQLModel, table=True):
    """A mail by its place on a server (RFC 9051 2.3.1.1), written down in the transaction that took it in.

    mailbox: the folder's URL (RFC 5092), without its UIDVALIDITY. sha256 (hex): of the bytes that were read there;
    NULL where none were.
    """

    __tablename__ = "fetches"

    mailbox: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    uid: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    sha256: str | None = None
