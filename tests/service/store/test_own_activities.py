"""The runner's own runs in the store: each once, until the runner deletes it; and the files they came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.store import Store
from service.store.intakes import MOST_LINES
from service.store.records import OwnActivity
from tests.service.store.samples import MORNING, NOW, RUN_ID, STRAVA_ID, add_athlete, held, later

LEASE = timedelta(minutes=10)


def own(activity_id: int = -7, start: datetime = MORNING, *, zone_known: bool = True, **given: object) -> OwnActivity:
    return OwnActivity(replace(held(activity_id, start, **given), own=True), "gpx", zone_known)


def test_a_run_of_ones_own_comes_back_exactly_as_it_was_read(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        assert tx.own.put(athlete.id, [own()]) == 1
    with store.transaction() as tx:
        assert tx.own.held(athlete.id, MORNING) == [own().held]
        assert tx.own.held(athlete.id, MORNING + timedelta(seconds=1)) == []
        assert tx.own.held(athlete.id, MORNING - timedelta(days=1), MORNING) == []


def test_the_same_run_twice_is_kept_once_and_as_it_first_came(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.own.put(athlete.id, [own()])
        tx.own.mark_judged(athlete.id, NOW)
        assert tx.own.put(athlete.id, [own(distance_m=1.0), own(-8, later(hours=1).replace(tzinfo=None))]) == 1
        kept = tx.own.held(athlete.id, MORNING)
        assert [(item.activity.id, item.activity.distance_m, item.judged_at) for item in kept] == [
            (-7, 12_345.6, NOW),
            (-8, 12_345.6, None),
        ]


def test_what_is_still_being_read_is_out_of_sight_and_adopted_by_whoever_reads_it_again(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.own.put(athlete.id, [own(-1)])
        tx.own.put(athlete.id, [own(-1), own(-2)], intake_id=1)
        assert [item.activity.id for item in tx.own.held(athlete.id, MORNING)] == [-1]
        assert tx.own.put(athlete.id, [own(-1), own(-2)], intake_id=2) == 0
        tx.own.release(athlete.id, 1)
        assert [item.activity.id for item in tx.own.newest(athlete.id, 10)] == [-1]
        tx.own.mark_judged(athlete.id, NOW)
        tx.own.release(athlete.id, 2)
        assert [item.judged_at for item in tx.own.newest(athlete.id, 10)] == [NOW, None]


def test_strava_and_a_file_may_name_the_same_run_and_neither_replaces_the_other(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.own.put(athlete.id, [own(RUN_ID)])
        tx.activities.replace(athlete.id, [held(RUN_ID)], NOW)
        tx.activities.delete_unconfirmed(athlete.id, later(days=8))
        assert (len(tx.activities.held(athlete.id)), tx.own.count(athlete.id)) == (0, 1)


def test_runs_are_deleted_one_by_one_or_all_at_once_and_nobody_elses(store: Store):
    with store.transaction() as tx:
        first, second = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for athlete in (first, second):
            tx.own.put(athlete.id, [own(-1), own(-2), own(-3)])
        assert tx.own.delete(first.id, -1)
        assert not tx.own.delete(first.id, -1)
        assert tx.own.delete_all(first.id) == 2
        assert (tx.own.count(first.id), tx.own.count(second.id)) == (0, 3)


def test_what_a_file_gave_in_utc_follows_the_zone_and_what_it_knew_stays(store: Store):
    in_utc = own(-1, datetime(2026, 5, 31, 22, 30), zone_known=False, utc_offset_s=0, time_zone="UTC")
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.own.put(athlete.id, [in_utc, own(-2)])
        assert tx.own.move_to(athlete.id, ZoneInfo("Europe/Berlin")) == 1
        kept = {item.activity.id: item.activity for item in tx.own.held(athlete.id, MORNING)}
        assert kept[-1].start_local == datetime(2026, 6, 1, 0, 30)
        assert (kept[-1].utc_offset_s, kept[-1].time_zone) == (7200, "Europe/Berlin")
        assert kept[-2] == own(-2).held.activity
        assert tx.own.move_to(athlete.id, ZoneInfo("Pacific/Honolulu")) == 1
        assert tx.own.held(athlete.id, MORNING)[-1].activity.start_local == datetime(2026, 5, 31, 12, 30)


def test_a_file_is_read_by_one_at_a_time_until_its_lease_ends(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        intake = tx.intakes.begin(athlete.id, "export.zip", "spooled", 5_000, NOW)
        assert tx.intakes.claim(intake.id, "one", NOW, LEASE)
        assert not tx.intakes.claim(intake.id, "other", NOW, LEASE)
        assert tx.intakes.waiting(NOW) == []
        assert [item.id for item in tx.intakes.waiting(later(minutes=10))] == [intake.id]
        assert tx.intakes.claim(intake.id, "other", later(minutes=10), LEASE)
        assert not tx.intakes.note(intake.id, "one", later(minutes=20), position=3)
        assert tx.intakes.note(intake.id, "other", later(minutes=20), position=3)
        tx.intakes.end(intake.id, "done", NOW)
        ended = tx.intakes.get(athlete.id, intake.id)
        assert ended is not None
        assert (ended.name, ended.state, ended.position, ended.spool) == ("export.zip", "done", 3, None)
        assert not tx.intakes.claim(intake.id, "late", later(days=1), LEASE)


def test_a_report_is_kept_up_to_a_bound_in_order_and_encrypted(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        intake = tx.intakes.begin(athlete.id, "my secret export.zip", None, 1, NOW)
        tx.intakes.add_problems(intake.id, [("skipped", f"line {number}") for number in range(150)])
        tx.intakes.add_problems(intake.id, [("note", f"line {number}") for number in range(150, 300)])
        kept = tx.intakes.problems(intake.id)
        assert len(kept) == MOST_LINES
        assert (kept[0], kept[-1]) == (("skipped", "line 0"), ("note", "line 199"))
    with store.engine.connect() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM intakes, intake_problems").all())
    assert "secret" not in stored
    assert "line 1" not in stored


def test_all_of_it_goes_with_its_runner(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.own.put(athlete.id, [own()])
        intake = tx.intakes.begin(athlete.id, "export.zip", "spooled", 1, NOW)
        tx.intakes.add_problems(intake.id, [("skipped", "line")])
        key, link = tx.api_tokens.new(athlete.id, NOW), tx.api_tokens.new_link(athlete.id, later(days=1))
        tx.accounts.delete(athlete.id)
        assert (tx.own.count(athlete.id), tx.intakes.spools(), tx.intakes.problems(intake.id)) == (0, set(), [])
        assert (tx.api_tokens.use(key, NOW), tx.api_tokens.use_link(link, NOW)) == (None, None)


def test_a_key_opens_until_it_is_revoked_and_a_link_once(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        key = tx.api_tokens.new(athlete.id, NOW)
        assert tx.api_tokens.use(key, later(hours=1)) == athlete.id
        assert tx.api_tokens.use(f"{key}x", NOW) is None
        (kept,) = tx.api_tokens.of(athlete.id)
        assert kept.used_at == later(hours=1)
        assert not tx.api_tokens.revoke(other.id, kept.id)
        assert tx.api_tokens.revoke(athlete.id, kept.id)
        assert tx.api_tokens.use(key, NOW) is None
        link = tx.api_tokens.new_link(athlete.id, later(hours=1))
        assert tx.api_tokens.use_link(link, later(hours=1)) is None
        assert tx.api_tokens.use_link(link, NOW) == athlete.id
        assert tx.api_tokens.use_link(link, NOW) is None
