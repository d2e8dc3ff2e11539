#!/bin/sh
# PostgreSQL and Chromium for the tests: installed and started where we may, else it is said what will be skipped.
# With the word "required", anything missing is a failure.
set -u
cd "$(dirname "$0")/.."

required="${1:-}"
port="${PGPORT:-5432}"
role=afterrun_test
missing=0

has() { command -v "$1" >/dev/null 2>&1; }
may_install() { [ "$(id -u)" -eq 0 ] && has apt-get; }

install() {
    echo "Installing $1 ..."
    log="$(mktemp)"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$1"; } >"$log" 2>&1 ||
        { tail -n 5 "$log"; echo "$1 could not be installed."; }
    rm -f "$log"
}

without() {
    missing=1
    echo "No $1 here: $2" >&2
}

chromium_is_there() { has chromium || has chromium-browser || has google-chrome; }

postgresql_answers() { .venv/bin/python -m tests.service.store.databases >/dev/null 2>&1; }

# Debian's own way to start a cluster works without systemd, too.
start_postgresql() {
    has pg_lsclusters || return
    pg_lsclusters --no-header | while read -r version name cluster_port status _; do
        if [ "$cluster_port" = "$port" ] && [ "$status" != online ]; then
            echo "Starting PostgreSQL $version on port $port ..."
            pg_ctlcluster --skip-systemctl-redirect "$version" "$name" start
        fi
    done
}

# A fresh server lets in by its socket alone, and there its own user alone: that one makes a role for the tests.
make_role() {
    id postgres >/dev/null 2>&1 || return
    su postgres -c "psql --quiet --port=$port --dbname=postgres" <<SQL
DO \$\$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$role') THEN
    CREATE ROLE $role LOGIN CREATEDB PASSWORD '$role';
  END IF;
END \$\$;
SQL
}

if ! chromium_is_there; then
    may_install && install chromium
    chromium_is_there || without Chromium "tests in a real browser will be skipped. Install chromium to run them."
fi

if ! postgresql_answers && [ -z "${AFTERRUN_TEST_DATABASE_URL:-}" ]; then
    if may_install; then
        has pg_ctlcluster || install postgresql
        start_postgresql
        postgresql_answers || make_role
    fi
fi
postgresql_answers ||
    without PostgreSQL "its tests will be skipped. Start one, or name one in AFTERRUN_TEST_DATABASE_URL."

[ "$required" != required ] || exit "$missing"
