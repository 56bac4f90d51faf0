#!/usr/bin/env bash
# Pictures of the main pages, as on a desk, on a phone, dark, and in high contrast with the largest text: artifacts/screenshots.
# Starts the platform unless it runs from this clone already.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

bash eng/setup.sh --tests
rm -rf artifacts/screenshots
look_at_pages pictures "$PWD/artifacts/screenshots"
