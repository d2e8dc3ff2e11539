"""The first start: a one-time code in the log keeps strangers out until the operator has connected."""

from __future__ import annotations

import logging
import secrets

from service.bootstrap import Service

log = logging.getLogger(__name__)

SETUP_CODE = "setup-code"


def is_fresh(service: Service) -> bool:
    """Whether nobody has connected yet."""
    with service.store.transaction() as tx:
        return tx.accounts.count() == 0


def print_setup_code(service: Service) -> None:
    """On a fresh installation, make a code and log it; an earlier one ends."""
    if service.is_demo or not is_fresh(service):
        return
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    with service.store.transaction() as tx:
        tx.instance.put(SETUP_CODE, service.vault.fingerprint(SETUP_CODE, code))
    log.warning("Setup code for %s : %s", service.settings.base_url, code)


def opens(service: Service, code: str) -> bool:
    """Whether this is the code from the log."""
    with service.store.transaction() as tx:
        kept = tx.instance.get(SETUP_CODE)
    fingerprint = service.vault.fingerprint(SETUP_CODE, code.strip().lower())
    return kept is not None and secrets.compare_digest(kept, fingerprint)
