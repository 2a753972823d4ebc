"""Artifacts are listed by pipeline hash and by kind: a column, filled for what is there, and two indexes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# One damaged row must not keep a whole store from opening; reading that row says what is wrong with it.
_HASH_IN_SQLITE = "CASE WHEN json_valid(meta) THEN json_extract(meta, '$.pipeline_hash') END"
_HASH = {"sqlite": _HASH_IN_SQLITE, "postgresql": "meta ->> 'pipeline_hash'"}


def upgrade() -> None:
    """Add the column, fill it from meta, index it."""
    op.add_column("media_v2_artifacts", sa.Column("pipeline_hash", sa.String(64)))
    op.execute(
        f"UPDATE media_v2_artifacts SET pipeline_hash = {_HASH[op.get_context().dialect.name]}"
        " WHERE kind = 'image_render'"
    )
    for name, column in (("pipeline", "pipeline_hash"), ("kind", "kind")):
        columns = ["tenant_id", "env", column, "created_at", "id"]
        op.create_index(f"media_v2_artifacts_{name}", "media_v2_artifacts", columns)
