"""Room for the longest key of a finding: pain told on one day by check-in and by week has 42 characters."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SHORT, LONG = sa.String(length=32), sa.String(length=64)


def upgrade() -> None:
    with op.batch_alter_table("findings") as table:
        table.alter_column("key", existing_type=SHORT, type_=LONG, existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("findings") as table:
        table.alter_column("key", existing_type=LONG, type_=SHORT, existing_nullable=False)
