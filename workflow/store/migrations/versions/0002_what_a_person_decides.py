"""What a machine could not decide of a form, for a person to settle."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("forms", sa.Column("doubts", sa.Text(), nullable=False, server_default=sa.text("''")))
