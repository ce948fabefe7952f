"""What can be erased one day: a form's contact person, number and address, each beside its salt."""

from sqlalchemy import CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

FIELDS = ("contact_person", "contact_phone", "address")


class Personal(SQLModel, table=True):
    """A form's personal fields; of each the history holds SHA-256(salt ‖ value), the salt 16 bytes, the value UTF-8.

    A field whose value and salt are NULL was erased. Triggers refuse every other change.
    """

    __tablename__ = "personal"
    __table_args__ = tuple(
        CheckConstraint(f"({name} IS NULL) = ({name}_salt IS NULL)", name=f"personal_{name}") for name in FIELDS
    )

    form_id: int = Field(primary_key=True, foreign_key="forms.id", sa_column_kwargs={"autoincrement": False})
    contact_person: str | None = None
    contact_person_salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    contact_phone: str | None = None
    contact_phone_salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    address: str | None = None
    address_salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
