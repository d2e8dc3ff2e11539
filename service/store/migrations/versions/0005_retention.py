"""What no longer has its run: when findings and messages lost their text, and hashes of runs once held."""

import sqlalchemy as sa
from alembic import op

from service.store.schema import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_runs",
        sa.Column("athlete_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name=op.f("fk_seen_runs_athlete_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "fingerprint", name=op.f("pk_seen_runs")),
    )
    with op.batch_alter_table("findings") as table:
        table.add_column(sa.Column("scrubbed_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("scrubbed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.drop_column("scrubbed_at")
    with op.batch_alter_table("findings") as table:
        table.drop_column("scrubbed_at")
    op.drop_table("seen_runs")
