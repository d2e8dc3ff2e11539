"""What runners tell, and the weeks before a long break."""

import sqlalchemy as sa
from alembic import op

from service.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diary_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("athlete_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name=op.f("fk_diary_entries_athlete_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entries")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("activities") as table:
        table.add_column(sa.Column("before_break", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("connections") as table:
        table.add_column(sa.Column("before_break_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("connections") as table:
        table.drop_column("before_break_at")
    with op.batch_alter_table("activities") as table:
        table.drop_column("before_break")
    op.drop_table("diary_entries")
