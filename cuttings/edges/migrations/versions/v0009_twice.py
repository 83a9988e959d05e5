"""The few messages that were sent once more are found without reading all the others.

Revision ID: 0009
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_resent_updated", "outbox", ["resent", "updated"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_resent_updated", table_name="outbox")
