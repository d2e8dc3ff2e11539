"""Athletes, invitations and one-time codes."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, select, text, update

from service.store.records import Athlete, NewAthlete
from service.store.schema import athletes, codes, invitations
from service.store.sql import insert
from service.vault import Vault

CodePurpose = Literal["confirm-email", "sign-in"]
CODE_TRIES = 5
RECEIPTS = 3
#: Where the keyed hash of an athlete at Strava would stand, for who never connected; never twice the same.
NO_STRAVA = "none:"


class Accounts:
    """SQL about who uses this installation."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def create(self, new: NewAthlete) -> Athlete:
        """The first athlete of an installation becomes its operator."""
        self._one_at_a_time()
        row = self._connection.execute(
            athletes.insert()
            .values(
                strava_fingerprint=self._strava_fingerprint(new.strava_id),
                role="runner" if self.count() else "operator",
                created_at=new.created_at,
                adult_confirmed_at=new.created_at,
                units=new.units,
                first_weekday=new.first_weekday,
                language=new.language,
                time_zone="UTC",
                upper_back=False,
                receipts_left=RECEIPTS,
                weeks_without_runs=0,
            )
            .returning(athletes)
        ).one()
        return self._athlete(row)

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(athletes)).scalar_one()

    def ids(self) -> list[int]:
        return list(self._connection.execute(select(athletes.c.id).order_by(athletes.c.id)).scalars())

    def get(self, athlete_id: int) -> Athlete | None:
        return self._find(athletes.c.id == athlete_id)

    def existing(self, athlete_id: int) -> Athlete:
        """The athlete that a row of this same transaction belongs to."""
        athlete = self.get(athlete_id)
        if athlete is None:  # the foreign keys make this impossible
            raise LookupError(f"athlete {athlete_id} is gone")
        return athlete

    def lock(self, athlete_id: int) -> None:
        """One at a time judges an athlete's training, or two would tell the same; SQLite has one writer anyway."""
        mine = select(athletes.c.id).where(athletes.c.id == athlete_id).with_for_update()
        self._connection.execute(mine)

    def everybody(self) -> list[Athlete]:
        return [self._athlete(row) for row in self._connection.execute(select(athletes).order_by(athletes.c.id))]

    def knows_strava(self, athlete_id: int) -> bool:
        """Whether this account was ever connected to Strava."""
        kept = select(athletes.c.strava_fingerprint).where(athletes.c.id == athlete_id)
        return not self._connection.execute(kept).scalar_one().startswith(NO_STRAVA)

    def name_strava(self, athlete_id: int, strava_id: int) -> None:
        """From now on this account is found by that athlete at Strava."""
        named = {"strava_fingerprint": self._strava_fingerprint(strava_id)}
        self._connection.execute(update(athletes).where(athletes.c.id == athlete_id).values(**named))

    def operators(self) -> list[Athlete]:
        """Who runs this installation."""
        rows = self._connection.execute(select(athletes).where(athletes.c.role == "operator").order_by(athletes.c.id))
        return [self._athlete(row) for row in rows]

    def find_by_strava_id(self, strava_id: int) -> Athlete | None:
        return self._find(athletes.c.strava_fingerprint == self._strava_fingerprint(strava_id))

    def find_by_email(self, email: str) -> Athlete | None:
        """The athlete who confirmed this address, however its letters are cased; of several the first who came."""
        return self._find(athletes.c.email_fingerprint == self._email_fingerprint(email))

    def change(self, athlete_id: int, **values: Any) -> None:
        """Set these columns of one athlete."""
        if "email" in values:
            values |= self._sealed_email(values["email"])
        self._connection.execute(update(athletes).where(athletes.c.id == athlete_id).values(**values))

    def digest_due(self, now: datetime) -> list[int]:
        due = select(athletes.c.id).where(athletes.c.digest_due_at <= now).order_by(athletes.c.digest_due_at)
        return list(self._connection.execute(due).scalars())

    def delete(self, athlete_id: int) -> None:
        """Forget the athlete and, by the foreign keys, all that belongs to them."""
        self._connection.execute(delete(athletes).where(athletes.c.id == athlete_id))

    def new_code(
        self, purpose: CodePurpose, athlete_id: int, expires_at: datetime, *, not_before: datetime
    ) -> str | None:
        """Six digits for a mail; an earlier code of the same purpose ends.

        `None` if the earlier code expires after `not_before`, which means that it was made a moment ago.
        """
        mine = (codes.c.purpose == purpose) & (codes.c.athlete_id == athlete_id) & (codes.c.expires_at > not_before)
        if self._connection.execute(select(codes).where(mine)).one_or_none() is not None:
            return None
        code = f"{secrets.randbelow(1_000_000):06d}"
        values = {
            "fingerprint": self._code_fingerprint(purpose, athlete_id, code),
            "expires_at": expires_at,
            "tries_left": CODE_TRIES,
        }
        statement = insert(self._connection, codes).values(purpose=purpose, athlete_id=athlete_id, **values)
        key = [codes.c.purpose, codes.c.athlete_id]
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))
        return code

    def use_code(self, purpose: CodePurpose, athlete_id: int, code: str, now: datetime) -> bool:
        """Whether the code is right, in time and within its tries; a right one is used up."""
        mine = (codes.c.purpose == purpose) & (codes.c.athlete_id == athlete_id)
        # Locked, so that of many guesses at once each costs a try and a right one serves once.
        row = self._connection.execute(select(codes).where(mine).with_for_update()).one_or_none()
        if row is None or row.expires_at < now or row.tries_left < 1:
            return False
        right = secrets.compare_digest(row.fingerprint, self._code_fingerprint(purpose, athlete_id, code.strip()))
        tries_left = 0 if right else row.tries_left - 1
        ended = update(codes).where(mine).values(tries_left=tries_left)
        self._connection.execute(ended)
        return right

    def new_invitation(self, now: datetime, expires_at: datetime) -> str:
        token = secrets.token_urlsafe(24)
        fingerprint = self._vault.fingerprint("invitation", token)
        self._connection.execute(
            invitations.insert().values(fingerprint=fingerprint, created_at=now, expires_at=expires_at)
        )
        return token

    def invitation_stands(self, token: str, now: datetime) -> bool:
        found = select(invitations.c.fingerprint).where(self._open_invitation(token, now))
        return self._connection.execute(found).one_or_none() is not None

    def use_invitation(self, token: str, now: datetime) -> bool:
        """Take the invitation; `False` if it is unknown, used or too old."""
        used = update(invitations).where(self._open_invitation(token, now)).values(used_at=now)
        return self._connection.execute(used).rowcount == 1

    def _open_invitation(self, token: str, now: datetime) -> Any:
        return (
            (invitations.c.fingerprint == self._vault.fingerprint("invitation", token))
            & invitations.c.used_at.is_(None)
            & (invitations.c.expires_at > now)
        )

    def _find(self, condition: Any) -> Athlete | None:
        first = select(athletes).where(condition).order_by(athletes.c.id).limit(1)
        row = self._connection.execute(first).one_or_none()
        return self._athlete(row) if row else None

    def _one_at_a_time(self) -> None:
        """Two at once would each find nobody here and both become operator; SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE athletes IN SHARE ROW EXCLUSIVE MODE"))

    def _athlete(self, row: Row[Any]) -> Athlete:
        values = {name: getattr(row, name) for name in Athlete.__dataclass_fields__}
        return Athlete(**values | {"email": row.email and self._vault.decrypt(row.email)})

    def _sealed_email(self, email: str | None) -> dict[str, str | None]:
        if email is None:
            return {"email": None, "email_fingerprint": None}
        return {"email": self._vault.encrypt(email), "email_fingerprint": self._email_fingerprint(email)}

    def _email_fingerprint(self, email: str) -> str:
        return self._vault.fingerprint("email", email.strip().lower())

    def _strava_fingerprint(self, strava_id: int | None) -> str:
        if strava_id is None:
            return f"{NO_STRAVA}{secrets.token_urlsafe(32)}"
        return self._vault.fingerprint("strava-athlete", str(strava_id))

    def _code_fingerprint(self, purpose: str, athlete_id: int, code: str) -> str:
        return self._vault.fingerprint(f"code:{purpose}:{athlete_id}", code)
