"""The few messages that were sent once more, and articles that were edited, are found without reading all the others.

Revision ID: 0009
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_resent_updated", "outbox", ["resent", "updated"], unique=False)
    op.create_index("ix_article_versions_cause_read_at", "article_versions", ["cause", "read_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_article_versions_cause_read_at", table_name="article_versions")
    op.drop_index("ix_outbox_resent_updated", table_name="outbox")
