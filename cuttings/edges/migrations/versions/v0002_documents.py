"""Which pages were read together, and which process a run belongs to.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("runs", sa.Column("process", sa.Text()))
    op.add_column("pages", sa.Column("document", ROW))
    op.add_column("pages", sa.Column("final_url", sa.Text()))
    op.create_index("ix_pages_document", "pages", ["document"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_pages_document", table_name="pages")
    op.drop_column("pages", "final_url")
    op.drop_column("pages", "document")
    op.drop_column("runs", "process")
