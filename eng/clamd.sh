#!/usr/bin/env bash
# Runs the virus scanner of a development platform in the foreground, on loopback: bash eng/clamd.sh <folder>, with its port in CLAMD_PORT.
# It knows the EICAR test signature, and whatever official databases freshclam has brought to /var/lib/clamav (docs/operations.md).
# Where clamd is not installed it says so and ends with 1: that is what the dashboard then shows.
set -euo pipefail
readonly folder=$1 official=/var/lib/clamav
clamd=$(command -v clamd || echo /usr/sbin/clamd)
if [ ! -x "$clamd" ]; then
  echo 'clamd is not installed (apt-get install clamav-daemon): uploads are released unscanned, and each one says so.' >&2
  exit 1
fi

umask 022
mkdir -p "$folder/signatures"
rm -f "$folder"/signatures/*
# the 68 characters of the test file of eicar.org, wherever they stand
echo 'Eicar-Test-Signature:0:*:58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e444152442d414e544956495255532d544553542d46494c452124482b482a' >"$folder/signatures/eicar.ndb"
for database in "$official"/*.c[vlu]d; do if [ -f "$database" ]; then ln -s "$database" "$folder/signatures/"; fi; done

# what is scanned passes through a file: in memory where there is such a place, and nothing of a run that was killed stays
temporary=/dev/shm
[ -w "$temporary" ] || temporary=$folder
temporary=$temporary/exam-clamd-$(printf '%s' "$folder" | cksum | cut -d ' ' -f 1)
rm -rf "$temporary"
mkdir -m 700 "$temporary"

user=''
if [ "$(id -u)" -eq 0 ] && id clamav >/dev/null 2>&1; then
  user='User clamav'
  chown clamav "$temporary"
fi
cat >"$folder/clamd.conf" <<CONF
Foreground yes
LogTime yes
TCPAddr 127.0.0.1
TCPSocket $CLAMD_PORT
DatabaseDirectory $folder/signatures
TemporaryDirectory $temporary
StreamMaxLength 25M
MaxFileSize 25M
MaxScanSize 100M
MaxThreads 2
$user
CONF
exec "$clamd" --config-file="$folder/clamd.conf"
