"""Run by Alembic. The connection, its transaction and its lock come from `upgrade`."""

from alembic import context

from cuttings.edges.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can roll back DDL; Alembic only believes it when told.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
