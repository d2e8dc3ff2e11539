"""Runs from the runner's own files, how they were taken in, and keys for who has no Strava."""

import sqlalchemy as sa
from alembic import op

from service.store.schema import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _own_activities()
    _intakes()
    _keys()


def downgrade() -> None:
    for table in ("sign_in_links", "api_tokens", "intake_problems", "intakes", "own_activities"):
        op.drop_table(table)


def _own_activities() -> None:
    op.create_table(
        "own_activities",
        sa.Column("athlete_id", ID, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sport", sa.Text(), nullable=False),
        sa.Column("start_local", sa.DateTime(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("moving_time_s", sa.BigInteger(), nullable=True),
        sa.Column("elapsed_time_s", sa.BigInteger(), nullable=True),
        sa.Column("utc_offset_s", sa.Integer(), nullable=True),
        sa.Column("start_time_known", sa.Boolean(), nullable=False),
        sa.Column("race", sa.Boolean(), nullable=False),
        sa.Column("treadmill", sa.Boolean(), nullable=False),
        sa.Column("manual", sa.Boolean(), nullable=False),
        sa.Column("elevation_gain_m", sa.Float(), nullable=True),
        sa.Column("average_hr_bpm", sa.Float(), nullable=True),
        sa.Column("max_hr_bpm", sa.Float(), nullable=True),
        sa.Column("cadence_spm", sa.Float(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("device_name", sa.Text(), nullable=True),
        sa.Column("gear_id", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("zone_known", sa.Boolean(), nullable=False),
        sa.Column("intake_id", sa.BigInteger(), nullable=True),
        _of_athlete("own_activities"),
        sa.PrimaryKeyConstraint("athlete_id", "id", name=op.f("pk_own_activities")),
    )
    op.create_index("ix_own_activities_athlete_id_start_local", "own_activities", ["athlete_id", "start_local"])


def _intakes() -> None:
    op.create_table(
        "intakes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("athlete_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spool", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("found", "added", "known", "skipped")),
        sa.Column("done_bytes", sa.BigInteger(), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("claim", sa.String(length=36), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        _of_athlete("intakes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intakes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_intakes_started_at"), "intakes", ["started_at"])
    op.create_table(
        "intake_problems",
        sa.Column("intake_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_intake_problems_intake_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("intake_id", "number", name=op.f("pk_intake_problems")),
    )


def _keys() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("athlete_id", ID, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        _of_athlete("api_tokens"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_api_tokens_fingerprint")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_links",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("athlete_id", ID, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        _of_athlete("sign_in_links"),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_sign_in_links")),
    )


def _of_athlete(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_athlete_id")
    return sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=name, ondelete="CASCADE")
