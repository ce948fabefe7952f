"""Alembic's entry: runs the migrations on the connection that the program hands over."""

from alembic import context
from sqlmodel import SQLModel

import workflow.store  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    transaction_per_migration=False,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
