"""Every wrong setting stops the start with one line: its name and what to do. Secrets are never in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from rules.advice import AdviceError
from service import bootstrap
from service.errors import BadSetting
from service.settings import PREFIX, Settings, load_settings

SECRET = "pass-phrase"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine's, no .env of this checkout's."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def refusal(**overrides: object) -> str:
    with pytest.raises(BadSetting) as told:
        load_settings(**overrides)
    return str(told.value)


def test_without_any_setting_everything_has_its_default():
    settings = load_settings()
    assert (settings.data_dir, settings.host, settings.port) == (Path("data"), "127.0.0.1", 8420)
    assert (settings.settle_minutes, settings.poll_minutes) == (30, None)
    assert (settings.database_url, settings.smtp_url, settings.local_targets) == (None, None, frozenset())
    assert settings.strava_api_base == "https://www.strava.com/api/v3"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERRUN_PORT", "9000")
    monkeypatch.setenv("AFTERRUN_OPERATOR_NAME", "Ann")
    settings = load_settings()
    assert (settings.port, settings.operator_name) == (9000, "Ann")


def test_settings_come_from_a_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch):
    _write_env("AFTERRUN_OPERATOR_NAME=Ann", "AFTERRUN_PORT=9000", "SOMETHING_ELSE=1")
    monkeypatch.setenv("AFTERRUN_PORT", "9001")
    settings = load_settings()
    assert (settings.operator_name, settings.port) == ("Ann", 9001)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_left_empty_means_its_default(name: str):
    _write_env(f"{PREFIX}{name.upper()}=")
    assert load_settings() == Settings(_env_file=None)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_says_in_a_line_what_it_is(name: str):
    description = Settings.model_fields[name].description
    assert description
    assert "\n" not in description


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("port", "http", "integer"),
        ("port", "70000", "less than or equal to 65535"),
        ("port", "-1", "greater than or equal to 0"),
        ("settle_minutes", "soon", "number"),
        ("settle_minutes", "-1", "greater than or equal to 0"),
        ("settle_minutes", "nan", "finite number"),
        ("poll_minutes", "14", "greater than or equal to 15"),
        ("poll_minutes", "inf", "finite number"),
        ("public_url", "run.example.org", "https://"),
        ("public_url", "https://", "https://"),
        ("public_url", "https://run.example.org:port", "https://"),
        ("public_url", "https://run.example.org?x=1", "https://"),
        ("public_url", "https://run example.org", "https://"),
        ("strava_oauth_base", "www.strava.com", "https://"),
        ("strava_api_base", "ftp://www.strava.com/api/v3", "https://"),
        ("strava_client_id", "my-app", "number"),
        ("smtp_url", "mail.example.org", "smtp://"),
        ("smtp_url", "smtp://mail.example.org:mail", "number"),
        ("smtp_url", f"smtp://ann@example.org:{SECRET}@mail.example.org", "%40"),
        ("database_url", "afterrun", "postgresql://"),
        ("database_url", f"mysql://ann:{SECRET}@127.0.0.1/afterrun", "postgresql://"),
        ("database_url", f"postgresql://ann:{SECRET}@127.0.0.1:port/afterrun", "postgresql://"),
        ("database_url", f"postgresql://ann:{SECRET}/{SECRET}@127.0.0.1/afterrun", "%2F"),
        ("database_url", "postgresql://ann@127.0.0.1", "postgresql://"),
        ("operator_email", "ann", "runs@example.org"),
        ("local_targets", "http://hook.lan/x", "host:port"),
        ("local_targets", "hook.lan:port", "host:port"),
        ("local_targets", "hook.lan,10.0.0.0/8", "host:port"),
    ],
)
def test_a_wrong_setting_is_named_with_the_cure_and_without_what_is_secret(name: str, value: str, cure: str):
    _write_env(f"{PREFIX}{name.upper()}={value}")
    told = refusal()
    assert re.fullmatch(f"{PREFIX}{name.upper()}: .*{re.escape(cure)}.*", told)
    assert SECRET not in told


@pytest.mark.parametrize("sender", ["", "runs", "runs@"])
def test_a_mail_server_needs_a_sender(sender: str):
    _write_env("AFTERRUN_SMTP_URL=smtp://mail.example.org", f"AFTERRUN_MAIL_FROM={sender}")
    assert re.fullmatch("AFTERRUN_MAIL_FROM(:| is missing).*", refusal())


def test_of_several_wrong_settings_one_line_is_said():
    told = refusal(port="http", public_url="nowhere")
    assert told.startswith("AFTERRUN_")
    assert "\n" not in told


@pytest.mark.parametrize(
    ("missing", "given"),
    [
        ("AFTERRUN_STRAVA_CLIENT_ID", {"strava_client_secret": SECRET}),
        ("AFTERRUN_STRAVA_CLIENT_SECRET", {"strava_client_id": "1234"}),
    ],
)
def test_without_a_strava_application_nothing_starts_and_the_way_to_one_is_told(missing: str, given: dict[str, str]):
    settings = load_settings(**given)
    with pytest.raises(BadSetting, match=f"^{missing} is missing: .*https://www.strava.com/settings/api.*$") as told:
        settings.require_strava()
    assert SECRET not in str(told.value)


def test_with_a_strava_application_there_is_nothing_to_complain_about():
    settings = load_settings(strava_client_id="1234", strava_client_secret=SECRET)
    settings.require_strava()
    assert settings.strava_client_id == "1234"


def test_secrets_are_not_shown_when_settings_are_printed():
    settings = load_settings(
        strava_client_secret=SECRET,
        smtp_url=f"smtp://ann:{SECRET}@mail.example.org",
        mail_from="runs@example.org",
        database_url=f"postgresql://ann:{SECRET}@127.0.0.1/afterrun",
    )
    assert SECRET not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    "url",
    [
        "postgres://ann@127.0.0.1/afterrun",
        "postgresql://ann:p%2Fw@db.lan:5433/afterrun?sslmode=require",
        "postgresql+psycopg:///afterrun?host=/run/postgresql",
    ],
)
def test_the_usual_postgresql_addresses_are_taken_as_they_are(url: str):
    database_url = load_settings(database_url=url).database_url
    assert database_url is not None
    assert database_url.get_secret_value() == url


def test_local_targets_are_a_list_with_commas():
    _write_env("AFTERRUN_LOCAL_TARGETS= Hook.lan, 127.0.0.1:8000,[::1]:9000 ,,")
    assert load_settings().local_targets == {"hook.lan", "127.0.0.1:8000", "[::1]:9000"}


def test_addresses_end_without_a_slash():
    settings = load_settings(public_url="https://run.example.org/", strava_oauth_base="http://127.0.0.1:9/")
    assert (settings.public_url, settings.strava_oauth_base) == ("https://run.example.org", "http://127.0.0.1:9")


def test_links_lead_to_the_public_address_else_to_this_machine():
    assert load_settings(public_url="https://run.example.org").base_url == "https://run.example.org"
    assert load_settings(port=9000).base_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8420"),
        ("::", "http://127.0.0.1:8420"),
        ("::1", "http://[::1]:8420"),
        ("run.lan", "http://run.lan:8420"),
    ],
)
def test_the_address_of_this_machine_can_be_opened_in_a_browser(host: str, address: str):
    assert load_settings(host=host).base_url == address


def test_a_file_of_settings_that_is_no_text_stops_the_start():
    Path(".env").write_bytes(b"AFTERRUN_OPERATOR_NAME=J\xfcrgen\n")
    told = refusal()
    assert ".env" in told
    assert "UTF-8" in told


def _write_env(*lines: str) -> None:
    Path(".env").write_text("\n".join(lines) + "\n")


def test_a_mistake_in_an_advice_file_stops_the_start_with_its_file_line_and_cure(tmp_path, monkeypatch):
    def broken():
        raise AdviceError("mobility.toml, line 7: [seated-turn] has no dose. Add a line that starts with: dose =")

    monkeypatch.setattr(bootstrap, "catalogue", broken)
    given = Settings(_env_file=None, data_dir=tmp_path, strava_client_id="1", strava_client_secret=SecretStr("s"))
    with pytest.raises(BadSetting, match=r"rules/advice/mobility\.toml, line 7: .* Add a line"):
        bootstrap.build_service(given)
    assert list(tmp_path.iterdir()) == []
