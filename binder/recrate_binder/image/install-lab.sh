#!/bin/sh
# Installs JupyterLab and recrate into /opt/recrate/lab, from wheels alone.
# $1: a Python to fetch; without it the image's own is taken.
set -eu
if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="$PIP_INDEX_URL"; fi
if [ -n "${PIP_CERT:-}" ]; then export SSL_CERT_FILE="$PIP_CERT"; fi
export UV_CACHE_DIR=/tmp/cache/uv UV_LINK_MODE=copy UV_NO_PROGRESS=1 UV_NO_CONFIG=1
export UV_PYTHON_INSTALL_DIR=/opt/recrate/python
mkdir -p "$UV_PYTHON_INSTALL_DIR"
python3 -m venv /tmp/tools
/tmp/tools/bin/python -m pip install --quiet --disable-pip-version-check \
    --cache-dir /tmp/cache/pip --only-binary :all: uv
uv=/tmp/tools/bin/uv
if [ -n "${1:-}" ]; then
    "$uv" venv --quiet --managed-python --python "$1" /opt/recrate/lab
else
    "$uv" venv --quiet --no-managed-python --python "$(command -v python3)" /opt/recrate/lab
fi
"$uv" pip install --quiet --python /opt/recrate/lab/bin/python --only-binary :all: \
    --compile-bytecode --requirements /tmp/lab/requirements.txt
rm -rf /tmp/tools /tmp/lab
