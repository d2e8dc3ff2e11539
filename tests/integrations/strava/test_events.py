"""What Strava pushes: believed as a hint, read in whatever form it comes."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from integrations.strava.events import Challenge, PushEvent, Signature, signature_on

UPLOAD: dict[str, Any] = {
    "object_type": "activity",
    "object_id": 15_000_000_001,
    "aspect_type": "create",
    "updates": {},
    "owner_id": 134_815,
    "subscription_id": 120_475,
    "event_time": 1_790_000_000,
}


def event(**changes: Any) -> PushEvent:
    return PushEvent.model_validate({**UPLOAD, **changes})


def test_a_new_run_is_told_with_its_runner_and_its_instant() -> None:
    told = event()
    assert told.is_new_activity
    assert told.owner_id == 134_815
    assert told.occurred_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert not told.is_deauthorisation


def test_numbers_may_come_as_text() -> None:
    assert event(object_id="15000000001", owner_id="134815", event_time="1790000000") == event()


@pytest.mark.parametrize("updates", [None, [], {}, ""])
def test_no_updates_may_be_said_in_several_ways(updates: Any) -> None:
    assert event(updates=updates) == event()


def test_updates_that_are_missing_are_none() -> None:
    assert PushEvent.model_validate({name: value for name, value in UPLOAD.items() if name != "updates"}) == event()


@pytest.mark.parametrize("authorized", ["false", "False", False])
def test_a_withdrawn_consent_is_recognised_as_text_and_as_a_boolean(authorized: Any) -> None:
    told = event(object_type="athlete", object_id=134_815, aspect_type="update", updates={"authorized": authorized})
    assert told.is_deauthorisation
    assert not told.is_activity


@pytest.mark.parametrize(
    "changes",
    [
        {"object_type": "athlete", "aspect_type": "update", "updates": {"authorized": "true"}},
        {"object_type": "athlete", "aspect_type": "update", "updates": {}},
        {"object_type": "activity", "aspect_type": "update", "updates": {"authorized": "false"}},
        {"object_type": "athlete", "aspect_type": "create", "updates": {"authorized": "false"}},
    ],
)
def test_nothing_else_counts_as_withdrawn_consent(changes: dict[str, Any]) -> None:
    assert not event(**changes).is_deauthorisation


def test_a_kind_of_event_that_does_not_exist_yet_is_read_all_the_same() -> None:
    told = event(object_type="gear", aspect_type="retire", weather={"rain": True})
    assert (told.object_type, told.is_activity, told.is_new_activity) == ("gear", False, False)


def test_the_same_event_delivered_three_times_has_one_key() -> None:
    again = json.loads(json.dumps({**UPLOAD, "subscription_id": 120_476, "event_time": "1790000000"}))
    assert PushEvent.model_validate(again).dedup_key == event().dedup_key


@pytest.mark.parametrize(
    "changes",
    [
        {"object_id": 15_000_000_002},
        {"object_type": "athlete"},
        {"aspect_type": "update"},
        {"event_time": 1_790_000_001},
        {"updates": {"title": "Evening Run"}},
    ],
)
def test_an_event_that_differs_has_a_key_of_its_own(changes: dict[str, Any]) -> None:
    assert event(**changes).dedup_key != event().dedup_key


def test_the_order_of_updates_makes_no_new_event() -> None:
    one = event(updates={"title": "A", "type": "Run"})
    other = event(updates={"type": "Run", "title": "A"})
    assert one.dedup_key == other.dedup_key


def test_a_title_stays_out_of_key_and_log() -> None:
    told = event(aspect_type="update", updates={"title": "Run with Anna"})
    assert "Anna" not in told.dedup_key
    assert "Anna" not in repr(told)


@pytest.mark.parametrize(
    "changes",
    [
        {"object_id": 0},
        {"object_id": -5},
        {"object_id": 2**63},
        {"owner_id": None},
        {"owner_id": "runner"},
        {"event_time": 10**15},
        {"event_time": -1},
        {"object_type": ""},
        {"object_type": "activity\x00"},
        {"aspect_type": "x" * 500},
        {"updates": "title"},
    ],
)
def test_what_could_not_be_stored_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        event(**changes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(name=st.sampled_from(sorted(UPLOAD)), value=JSON)
def test_any_value_in_any_field_is_read_or_refused_and_nothing_else(name: str, value: Any) -> None:
    try:
        told = event(**{name: value})
    except ValidationError:
        return
    assert len(told.dedup_key) == 64
    assert told.occurred_at.tzinfo is UTC


CHALLENGE = {"hub.mode": "subscribe", "hub.challenge": "15f7d1a91c1f40f8a748fd134752feb3", "hub.verify_token": "mine"}


def test_strava_asking_with_our_token_is_answered_with_its_challenge() -> None:
    asked = Challenge.model_validate(CHALLENGE)
    assert asked.knows("mine")
    assert asked.answer == {"hub.challenge": "15f7d1a91c1f40f8a748fd134752feb3"}


@pytest.mark.parametrize("token", ["", "yours", "mine ", "MINE", "münze"])
def test_whoever_asks_with_another_token_is_not_answered(token: str) -> None:
    assert not Challenge.model_validate({**CHALLENGE, "hub.verify_token": token}).knows("mine")


def test_an_installation_without_a_token_knows_nobody() -> None:
    assert not Challenge.model_validate({**CHALLENGE, "hub.verify_token": ""}).knows("")


def test_asking_for_anything_but_a_subscription_is_not_answered() -> None:
    assert not Challenge.model_validate({**CHALLENGE, "hub.mode": "unsubscribe"}).knows("mine")


@pytest.mark.parametrize("name", sorted(CHALLENGE))
def test_a_question_that_lacks_a_part_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Challenge.model_validate({key: value for key, value in CHALLENGE.items() if key != name})


def test_the_token_stays_out_of_the_log() -> None:
    assert "mine" not in repr(Challenge.model_validate(CHALLENGE))


# Signatures

NOW = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
BODY = json.dumps(UPLOAD).encode()


def header(body: bytes = BODY, key: str = "secret", at: datetime = NOW) -> str:
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={hmac.new(key.encode(), moment.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def test_a_signature_that_was_made_with_our_secret_is_valid() -> None:
    assert signature_on(BODY, header(), "secret", NOW) is Signature.VALID


def test_a_signature_is_taken_in_whatever_order_and_beside_what_is_not_known() -> None:
    moment, digest = header().split(",")
    assert signature_on(BODY, f"{digest}, v0=old,{moment}", "secret", NOW) is Signature.VALID
    assert signature_on(BODY, f"{moment},v1=of-another-key,{digest}", "secret", NOW) is Signature.VALID


@pytest.mark.parametrize("given", [None, ""])
def test_an_event_without_a_signature_has_none(given: str | None) -> None:
    assert signature_on(BODY, given, "secret", NOW) is Signature.ABSENT


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_signature_holds_for_five_minutes(seconds: int) -> None:
    assert signature_on(BODY, header(at=NOW + timedelta(seconds=seconds)), "secret", NOW) is Signature.VALID


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_another_time_is_a_replay(seconds: int) -> None:
    assert signature_on(BODY, header(at=NOW + timedelta(seconds=seconds)), "secret", NOW) is Signature.INVALID


def test_a_signature_of_another_body_key_or_without_a_key_is_invalid() -> None:
    assert signature_on(BODY + b" ", header(), "secret", NOW) is Signature.INVALID
    assert signature_on(BODY, header(key="guess"), "secret", NOW) is Signature.INVALID
    assert signature_on(BODY, header(key=""), "", NOW) is Signature.INVALID


def test_a_signature_with_two_moments_is_invalid() -> None:
    assert signature_on(BODY, header() + ",t=1", "secret", NOW) is Signature.INVALID


@given(given=st.text() | st.from_regex(r"t=\d{1,14},v1=[0-9a-f]{0,70}"))
def test_any_header_is_absent_or_invalid_and_nothing_else(given: str) -> None:
    assert signature_on(BODY, given, "secret", NOW) is (Signature.INVALID if given else Signature.ABSENT)


@given(body=st.binary(max_size=200), key=st.text(min_size=1, max_size=40).filter(lambda key: key.isprintable()))
def test_whatever_is_signed_is_verified(body: bytes, key: str) -> None:
    assert signature_on(body, header(body, key), key, NOW) is Signature.VALID
