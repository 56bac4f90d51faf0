#!/usr/bin/env bash
# Makes services/identity/common-passwords.txt.gz anew: the passwords that many people choose, of 8 to 64 characters, in lower case. Needs npm; not needed to build or run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly package=@zxcvbn-ts/language-common@4.1.3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz)
node -e '
const known = require(process.argv[1] + "/package/src/passwords.json").map(one => String(one).toLowerCase());
process.stdout.write([...new Set(known)].filter(one => [...one].length >= 8 && [...one].length <= 64).sort().join("\n") + "\n");
' "$scratch" | gzip -9n >services/identity/common-passwords.txt.gz
printf 'passwords: %s in the list\n' "$(gunzip -c services/identity/common-passwords.txt.gz | wc -l)"
