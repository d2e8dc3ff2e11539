"""The ledger of calls to Strava, who renews a connection's tokens, and how reading it stands."""

import sqlalchemy as sa
from alembic import op

from service.store.schema import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTS = ("limit", "read_limit", "used", "read_used", "fresh", "reconcile", "detail")


def upgrade() -> None:
    op.create_table(
        "quota_windows",
        sa.Column("span", sa.String(length=8), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("span", "starts_at", name=op.f("pk_quota_windows")),
    )
    with op.batch_alter_table("connections") as table:
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("pages", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("refresher", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("refresher_until", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("renewed_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("early_deaths", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("died_early_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("connections") as table:
        for name in ("died_early_at", "early_deaths", "renewed_at", "refresher_until", "refresher", "pages", "urgent"):
            table.drop_column(name)
    op.drop_table("quota_windows")
