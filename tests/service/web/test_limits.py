"""How Strava's limits stand: on the operator's page and for Prometheus, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from integrations.strava.limits import DAY, Purpose
from integrations.strava.simulator import serve
from service.ledger import SharedLedger
from service.quota import forecast
from service.web.app import create_app
from tests.service.web.conftest import Site


def spend(fresh: Site, calls: int) -> None:
    ledger = SharedLedger(fresh.service.store, fresh.clock)
    for _ in range(calls):
        ledger.reserve(Purpose.FRESH)


def test_the_operator_reads_what_is_used_and_that_it_lasts(fresh: Site):
    browser = fresh.connected()
    browser.open("/operator")
    assert "At this pace the day's reads last until midnight UTC." in browser.text
    used = forecast(fresh.service).quarter.read_used
    assert used >= 1
    assert f"{used} of 200" in browser.text
    assert "Runners that these limits carry" in browser.text


def test_the_operator_reads_when_the_days_reads_end_at_this_pace(fresh: Site):
    browser = fresh.connected()
    for _ in range(7):
        spend(fresh, 150)
        fresh.clock.advance(timedelta(minutes=15))
    ends_at = forecast(fresh.service).ends_at
    assert ends_at is not None
    assert timedelta(0) < ends_at - fresh.clock() < timedelta(hours=4)
    browser.open("/operator")
    assert "At this pace the day's reads end at" in browser.text


def test_the_operator_reads_that_the_day_is_used_up(fresh: Site):
    browser = fresh.connected()
    with fresh.service.store.transaction() as tx:
        tx.quota.put([tx.quota.latest(fresh.clock(), DAY).closed()])
    browser.open("/operator")
    assert "The day's reads are used up: reading goes on at midnight UTC." in browser.text


def test_the_pace_of_yesterday_says_nothing_of_today(fresh: Site):
    fresh.connected()
    fresh.clock.advance_to(fresh.clock().replace(hour=23, minute=46))
    spend(fresh, 190)
    fresh.clock.advance(timedelta(minutes=20))
    assert forecast(fresh.service).ends_at is None


def test_there_are_no_metrics_for_who_has_no_token(fresh: Site):
    assert httpx.get(f"{fresh.url}/metrics").status_code == 404
    assert httpx.get(f"{fresh.url}/metrics", headers={"Authorization": "Bearer -"}).status_code == 404


def test_prometheus_reads_the_limits_with_its_token(fresh: Site):
    fresh.connected()
    before = forecast(fresh.service).day.read_used
    spend(fresh, 3)
    settings = fresh.service.settings.model_copy(update={"metrics_token": SecretStr("the-token")})
    with serve(create_app(replace(fresh.service, settings=settings))) as url:
        wrong = httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer another"})
        answer = httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer the-token"})
    assert (wrong.status_code, answer.status_code) == (404, 200)
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert samples["afterrun_strava_reads", "day", "used"] == before + 3
    assert samples["afterrun_strava_reads", "allowed", "day"] == 2000
    assert samples["afterrun_strava_calls_today", "fresh"] >= 4
    assert samples["afterrun_connections", "connected"] == 1
    assert samples["afterrun_runners_carried",] > 1000
