"""A message that was sent once more, as nobody could say whether the first arrived, is marked: there is no third.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("resent", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "resent")
