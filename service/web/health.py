"""For machines that look after this one: is the process up, and can it do its work."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from service.bootstrap import Service
from service.lifecycle import PAUSE, TROUBLE
from service.store import DatabaseTrouble
from service.web.access import ServiceHere

router = APIRouter()


@router.get("/healthz")
def healthz(service: ServiceHere) -> JSONResponse:
    """Up, and the database answers."""
    why = _database_trouble(service)
    return _answer(why)


@router.get("/readyz")
def readyz(service: ServiceHere) -> JSONResponse:
    """Also: Strava accepts this installation's calls."""
    why = _database_trouble(service) or _pause(service)
    return _answer(why)


def _answer(why: str) -> JSONResponse:
    if why:
        return JSONResponse({"status": "unavailable", "reason": why}, status_code=503)
    return JSONResponse({"status": "ok"})


def _database_trouble(service: Service) -> str:
    try:
        service.store.check()
    except DatabaseTrouble as error:
        return f"the database does not answer ({type(error).__name__})"
    return ""


def _pause(service: Service) -> str:
    with service.store.transaction() as tx:
        until, trouble = tx.instance.get(PAUSE), tx.instance.get(TROUBLE)
    if until is None or datetime.fromisoformat(until) <= service.clock():
        return ""
    return f"paused until {until}: {trouble or 'Strava does not answer'}"
