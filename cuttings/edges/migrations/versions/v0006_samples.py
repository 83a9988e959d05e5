"""A PostgreSQL server keeps samples of a column's values for its planner; it is to keep none of readers' words.

What `forget` has erased would stay there until the next sample, in a table that only the server's owner can clear.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = (
    ("comments", "author"),
    ("comments", "author_url"),
    ("comments", "text"),
    ("comments", "because"),
    ("verdicts", "because"),
    ("labels", "evidence"),
    ("rulings", "value"),
    ("rulings", "reason"),
    ("set_aside", "data"),
    ("article_versions", "data"),
    ("issues", "digest"),
    ("letters", "text"),
    ("letters", "html"),
)


def upgrade() -> None:
    _samples("0")


def downgrade() -> None:
    _samples("-1")


def _samples(most: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column in WORDS:
            op.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS {most}')
