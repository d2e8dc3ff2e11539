"""What Strava sends to the callback address: the question whether we are there, and events.

Events may come twice, late, in any order or never, and by what is documented they are not signed: a hint to sync, and
nothing more. Receivers have seen a header that looks like a signature; `signature_on` reads it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

#: Words of the platform (`activity`, `create`): new ones appear without notice, so any short word is taken.
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,40}$")]
Id = Annotated[int, Field(gt=0, lt=2**63)]
#: Seconds since 1970, up to the last second that a date can name.
Epoch = Annotated[int, Field(ge=0, lt=253_402_300_800)]

SIGNATURE_HEADER = "X-Strava-Signature"
#: How far the moment in a signature may be from ours: what Standard Webhooks allows, too.
SIGNATURE_TOLERANCE = timedelta(minutes=5)
#: No signature is this long; what is longer is not looked into.
LONGEST_SIGNATURE = 1_000


def _as_texts(updates: Any) -> Any:
    """`{"authorized": false}` as `{"authorized": "false"}`, which is how Strava writes it."""
    if not updates:
        return {}
    if not isinstance(updates, Mapping):
        return updates
    return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in updates.items()}


class PushEvent(BaseModel):
    """The body of one event. Numbers may come as text; fields that are not known are passed over."""

    model_config = ConfigDict(frozen=True)

    object_type: Word
    object_id: Id
    aspect_type: Word
    owner_id: Id
    subscription_id: Id
    event_time: Epoch
    updates: Annotated[dict[str, str], BeforeValidator(_as_texts)] = Field(default={}, repr=False)

    @property
    def occurred_at(self) -> datetime:
        return datetime.fromtimestamp(self.event_time, UTC)

    @property
    def is_activity(self) -> bool:
        return self.object_type == "activity"

    @property
    def is_new_activity(self) -> bool:
        """A `create`. It may be of an old run: for apps without `activity:read_all`, one that was hidden before."""
        return self.is_activity and self.aspect_type == "create"

    @property
    def is_deauthorisation(self) -> bool:
        """Whether the runner is said to have withdrawn consent. To be confirmed before anything is deleted."""
        withdrawn = self.updates.get("authorized", "").lower() == "false"
        return self.object_type == "athlete" and self.aspect_type == "update" and withdrawn

    @property
    def dedup_key(self) -> str:
        """The same for every delivery of one event. A digest, because `updates` holds titles."""
        told = [self.object_type, self.object_id, self.aspect_type, self.event_time, self.owner_id, self.updates]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class Challenge(BaseModel):
    """The query of Strava's question whether the callback address is ours, asked while a subscription is made."""

    model_config = ConfigDict(frozen=True)

    mode: str = Field(alias="hub.mode", max_length=40)
    challenge: str = Field(alias="hub.challenge", min_length=1, max_length=500)
    verify_token: str = Field(alias="hub.verify_token", max_length=500, repr=False)

    def knows(self, verify_token: str) -> bool:
        """Whether the asker was told this token, which only we and Strava know. Takes the same time either way."""
        given, expected = (text.encode("utf-8", "surrogatepass") for text in (self.verify_token, verify_token))
        return self.mode == "subscribe" and bool(expected) and hmac.compare_digest(given, expected)

    @property
    def answer(self) -> dict[str, str]:
        """The JSON body that makes Strava content."""
        return {"hub.challenge": self.challenge}


class Signature(Enum):
    """What the signature on an event is worth. `INVALID` may also mean that Strava signs by another key or form."""

    ABSENT = "absent"
    VALID = "valid"
    INVALID = "invalid"


def signature_on(body: bytes, header: str | None, client_secret: str, now: datetime) -> Signature:
    """Check `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `{t}.{body}`, keyed with the client secret, not older than 5 min.

    Nothing of this is documented by Strava: it is what receivers report, and what several services do alike.
    """
    if not header:
        return Signature.ABSENT
    parts = [part.partition("=") for part in header[:LONGEST_SIGNATURE].split(",")]
    moments = [value.strip() for name, _, value in parts if name.strip() == "t"]
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if len(moments) != 1 or not _is_near(moments[0], now) or not client_secret:
        return Signature.INVALID
    expected = hmac.new(client_secret.encode(), moments[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    # As bytes: of texts, only ASCII can be compared in constant time.
    is_known = any(hmac.compare_digest(expected.encode(), one.encode("utf-8", "surrogatepass")) for one in given)
    return Signature.VALID if is_known else Signature.INVALID


def _is_near(moment: str, now: datetime) -> bool:
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 12):
        return False
    return abs(int(moment) - now.timestamp()) <= SIGNATURE_TOLERANCE.total_seconds()
