#!/bin/sh
# Makes .venv hold exactly what requirements/$1.txt locks, hashes checked. Usage: infra/environment.sh run|dev
set -eu
cd "$(dirname "$0")/.."
wanted=$1
lock=requirements/$wanted.txt
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1

# The development set contains the running set, so it is enough for both.
for set in dev "$wanted"; do
    cmp -s ".venv/overture-$set.lock" "requirements/$set.txt" && exit 0
done

python=
for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Overture needs Python 3.11, 3.12 or 3.13; install one, or name it: make demo PYTHON=/path/to/python3" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv || {
        echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    }
fi
echo "Installing what $lock locks (the first time takes a minute) ..." >&2
if .venv/bin/python -m pip install -q uv==0.13.9 2>/dev/null &&
    .venv/bin/python -m uv pip sync -q --python .venv/bin/python --require-hashes "$lock"; then
    :
else
    .venv/bin/python -m pip install -q --require-hashes -r "$lock"
fi
rm -f .venv/overture-*.lock
cp "$lock" ".venv/overture-$wanted.lock"
