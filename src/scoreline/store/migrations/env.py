"""Alembic's way in: it runs the steps on the connection that `store.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from scoreline.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
