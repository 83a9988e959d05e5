"""An article is found by its address without reading through all of them.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_articles_url", "articles", ["url"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_articles_url", table_name="articles")
