"""How far shoes have run, and what the course of a long run said."""

import sqlalchemy as sa
from alembic import op

from service.store.schema import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shoes",
        sa.Column("athlete_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gear_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=op.f("fk_shoes_athlete_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "gear_id", name=op.f("pk_shoes")),
    )
    op.create_index(op.f("ix_shoes_confirmed_at"), "shoes", ["confirmed_at"])
    with op.batch_alter_table("activities") as table:
        table.add_column(sa.Column("gear_id", sa.Text(), nullable=True))
        table.add_column(sa.Column("cadence_change", sa.Float(), nullable=True))
        table.add_column(sa.Column("cadence_comparable", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("activities") as table:
        table.drop_column("cadence_comparable")
        table.drop_column("cadence_change")
        table.drop_column("gear_id")
    op.drop_index(op.f("ix_shoes_confirmed_at"), table_name="shoes")
    op.drop_table("shoes")
