"""Settings from the environment (prefix AFTERRUN_) or a .env file; wrong ones stop the start with one line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from integrations.channels.email import parse_smtp_url
from service.errors import BadSetting

PREFIX = "AFTERRUN_"


class Settings(BaseSettings):
    """Everything an operator can set. Each field is AFTERRUN_ plus its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", hide_input_in_errors=True)

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
    settle_minutes: float = Field(30, ge=0, le=1440, description="how long an alert waits for corrections of its run")
    poll_minutes: float = Field(15, ge=1, le=2880, description="how often each runner's runs are read without a push")

    @field_validator("local_targets", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
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
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("has to start with https:// (or http:// at home)")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _check_mail_sender(self) -> Settings:
        if self.smtp_url is not None and "@" not in self.mail_from:
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
        return self.public_url or f"http://{self.host}:{self.port}"


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, or `BadSetting` with one line that names the setting and the cure."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else ""
        raise BadSetting(f"{name}: {message}" if name else message) from None
