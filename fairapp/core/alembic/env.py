"""How migrations run: on the program's own engine, all of them in one transaction."""

from alembic import context

from fairapp.core.db import Base, db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,  # SQLite can do it too, as we say BEGIN ourselves
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
