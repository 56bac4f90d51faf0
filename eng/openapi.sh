#!/usr/bin/env bash
# Writes gateway/openapi.json anew from the services of the running platform of this clone (bash eng/run.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f artifacts/run.json ] || { echo "The platform of this clone is not running: bash eng/run.sh" >&2; exit 1; }
gateway=$(sed -n 's/.*"gateway": *"\([^"]*\)".*/\1/p' artifacts/run.json)
curl -fsS "$gateway/openapi/live.json" -o gateway/openapi.json.new
mv gateway/openapi.json.new gateway/openapi.json
git --no-pager diff --stat -- gateway/openapi.json
