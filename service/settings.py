"""Settings from the environment (prefix AFTERRUN_) or a .env file; wrong ones stop the start with one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from integrations.channels.email import mailbox, parse_smtp_url
from service.errors import BadSetting

PREFIX = "AFTERRUN_"
LOCAL_TARGET = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")


class Settings(BaseSettings):
    """Everything an operator can set. Each field is AFTERRUN_ plus its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # a line of .env.example left as it is means its default
        extra="ignore",
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(Path("data"), description="folder for the database and the key file")
    database_url: SecretStr | None = Field(None, description="PostgreSQL address; without it SQLite in the data folder")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8420, ge=0, le=65535, description="port to listen on")
    public_url: str = Field("", description="address under which runners and Strava reach this service")
    strava_client_id: str = Field("", description="client id of your Strava API application")
    strava_client_secret: SecretStr = Field(SecretStr(""), description="client secret of that application")
    strava_oauth_base: str = Field("https://www.strava.com", description="address of Strava's sign-in")
    strava_api_base: str = Field("https://www.strava.com/api/v3", description="address of Strava's API")
    smtp_url: SecretStr | None = Field(None, description="mail server, e.g. smtp+starttls://user:password@host:587")
    mail_from: str = Field("", description="sender of mails")
    operator_name: str = Field("", description="who runs this installation, shown before connecting")
    operator_email: str = Field("", description="where runners reach the operator")
    local_targets: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(), description="host or host:port, comma separated: private or plain-http webhook targets you allow"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token with which Prometheus may read /metrics; without it there is none"
    )
    upload_mb: int = Field(1024, ge=1, le=1_000_000, description="how much may be uploaded at once, in MB")
    inbox_dir: Path | None = Field(
        None, description="watched folder for recordings and exports; with several runners a subfolder for each"
    )
    settle_minutes: float = Field(
        30, ge=0, le=1440, allow_inf_nan=False, description="how long an alert waits for corrections of its run"
    )
    poll_minutes: float | None = Field(
        None,
        ge=15,
        le=2880,
        allow_inf_nan=False,
        description="how often each runner's runs are read without a push; without it as the quota carries it",
    )

    @field_validator("local_targets", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("local_targets")
    @classmethod
    def _check_targets(cls, value: Iterable[str]) -> Iterable[str]:
        if not all(LOCAL_TARGET.fullmatch(target) for target in value):
            raise ValueError("has to be host or host:port, several with commas, e.g. hook.lan,127.0.0.1:8000")
        return value

    @field_validator("strava_client_id")
    @classmethod
    def _check_client_id(cls, value: str) -> str:
        if value and not (value.isascii() and value.isdecimal()):
            raise ValueError("has to be the number that Strava calls Client ID")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        parts = _parts(value.get_secret_value())
        known = parts is not None and parts.scheme in ("postgres", "postgresql", "postgresql+psycopg")
        if parts is None or not known or not parts.path.strip("/"):
            raise ValueError(
                "has to read postgresql://user:password@host:5432/database; "
                "write / ? # @ : in user or password as %2F %3F %23 %40 %3A"
            )
        return value

    @field_validator("mail_from", "operator_email")
    @classmethod
    def _check_email(cls, value: str) -> str:
        if value:
            mailbox(value)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        parse_smtp_url(value)
        return value

    @field_validator("public_url", "strava_oauth_base", "strava_api_base")
    @classmethod
    def _check_address(cls, value: str) -> str:
        parts = _parts(value)
        if value and not (parts and parts.hostname and parts.scheme in ("https", "http") and not parts.query):
            raise ValueError("has to read https://host or, at home, http://host:port")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _check_mail_sender(self) -> Settings:
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError("AFTERRUN_MAIL_FROM is missing: set the sender's address that your mail server accepts")
        return self

    def require_strava(self) -> None:
        """Stop a start without the keys of a Strava application."""
        for name in ("strava_client_id", "strava_client_secret"):
            value = getattr(self, name)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                raise BadSetting(
                    f"{PREFIX}{name.upper()} is missing: create an API application at "
                    "https://www.strava.com/settings/api and copy its client id and secret"
                )

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://{self._reachable_host}:{self.port}"

    @property
    def _reachable_host(self) -> str:
        """Where a browser on this machine finds us: "every address" (0.0.0.0, as in containers) is none to open."""
        if self.host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
            return "127.0.0.1"
        return f"[{self.host}]" if ":" in self.host else self.host


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, or `BadSetting` with one line that names the setting and the cure."""
    try:
        return Settings(**overrides)
    except UnicodeDecodeError:
        raise BadSetting("the file .env is not UTF-8 text: save it as UTF-8") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else ""
        raise BadSetting(f"{name}: {message}" if name else message) from None


def _parts(url: str) -> SplitResult | None:
    """An address taken apart, or `None` if it is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # read, because only then it is checked
    except ValueError:
        return None
    return None if re.search(r"\s", url) else parts
