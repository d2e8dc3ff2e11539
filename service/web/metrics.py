"""Counts for Prometheus: how Strava's limits and the connections stand. Nothing of any runner."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator

from fastapi import APIRouter, Depends, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from service import lifecycle, quota
from service.bootstrap import Service
from service.errors import NotFound
from service.web.access import ServiceHere, service_of


def known_reader(request: Request) -> None:
    """Only who holds the operator's token finds anything here."""
    wanted = service_of(request).settings.metrics_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_known = secrets.compare_digest(given.strip().encode(), wanted.encode())
    if not wanted or scheme.lower() != "bearer" or not is_known:
        raise NotFound


router = APIRouter(dependencies=[Depends(known_reader)])


@router.get("/metrics")
def metrics(service: ServiceHere) -> Response:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counts(service))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Counts(Collector):
    """Read from the tables whenever they are asked for, so that every process says the same."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        found = quota.forecast(self._service)
        reads = GaugeMetricFamily("afterrun_strava_reads", "Reads used and allowed.", labels=["window", "kind"])
        for name, window in (("quarter", found.quarter), ("day", found.day)):
            reads.add_metric([name, "used"], window.read_used)
            reads.add_metric([name, "allowed"], window.allowed)
        yield reads
        purposes = GaugeMetricFamily("afterrun_strava_calls_today", "Calls of this UTC day.", labels=["purpose"])
        for purpose, count in found.purposes.items():
            purposes.add_metric([purpose.value], count)
        yield purposes
        # At the end of the day where the reads last: so that an alert can compare it with the present.
        ends_at = found.ends_at or found.day.ends_at
        yield GaugeMetricFamily("afterrun_strava_reads_end_at", "When the day ends its reads.", ends_at.timestamp())
        yield from self._connections()

    def _connections(self) -> Iterator[Metric]:
        with self._service.store.transaction() as tx:
            states = Counter(connection.state for connection in tx.connections.athletes())
            _, carried = lifecycle.room_for_runners(tx, self._service.clock())
        runners = GaugeMetricFamily("afterrun_connections", "Connections by state.", labels=["state"])
        for state, count in sorted(states.items()):
            runners.add_metric([state], count)
        yield runners
        yield GaugeMetricFamily("afterrun_runners_carried", "Runners that Strava's limits carry.", carried)
