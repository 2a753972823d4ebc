"""How Alembic runs the scripts beside it: on the connection `migrating` hands it, in that transaction.

No logging is configured here: that is the host's.
"""

from alembic import context

from engines.media_v2.tables import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,  # a host may keep its own tables, and their revisions, beside these
)
context.run_migrations()
