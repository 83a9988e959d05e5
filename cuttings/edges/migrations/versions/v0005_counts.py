"""What is counted of a whole store is counted in its indexes, which are a fortieth of the size of its rows.

Revision ID: 0005
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Each of the second kind begins as the one before it did, so it answers the same questions.
REPLACED = (
    ("comments", ("article", "n"), ("article", "n", "outcome")),
    ("comments", ("first_seen",), ("first_seen", "outcome", "erased_at")),
    ("articles", ("source", "first_seen"), ("source", "first_seen", "primary_theme", "key")),
    ("pages", ("at",), ("at", "outcome", "size")),
    ("pages", ("sha256",), ("sha256", "source", "at")),
    ("outbox", ("updated",), ("updated", "state")),
)
RULINGS = ("undone_at", "decision")


def upgrade() -> None:
    for table, old, new in REPLACED:
        op.drop_index(_name(table, old), table_name=table)
        op.create_index(_name(table, new), table, list(new), unique=False)
    op.create_index(_name("rulings", RULINGS), "rulings", list(RULINGS), unique=False)


def downgrade() -> None:
    op.drop_index(_name("rulings", RULINGS), table_name="rulings")
    for table, old, new in REPLACED:
        op.drop_index(_name(table, new), table_name=table)
        op.create_index(_name(table, old), table, list(old), unique=False)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
