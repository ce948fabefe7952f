"""What a person says of what came: that nothing is left to do about it, how it came, and a note."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("settled_at", sa.Text(), nullable=True))
    op.add_column("submissions", sa.Column("how", sa.String(), nullable=True))
    op.add_column("submissions", sa.Column("note", sa.String(), nullable=True))
