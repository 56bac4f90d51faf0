#!/usr/bin/env bash
# Builds the style and the script of the web front end into frontends/web/wwwroot, from frontends/web/assets and the packages its
# lock file names. Nothing is done where nothing has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../frontends/web"

readonly stamp=wwwroot/.built
now=$(cat assets/*.* assets/.npmrc "../../eng/web-assets.sh" | sha256sum)
if [ -f "$stamp" ] && [ "$(<"$stamp")" = "$now" ]; then exit 0; fi
printf 'setup: building the style of the web front end (npm)\n'
(cd assets && npm ci --silent --no-progress >/dev/null)
rm -rf wwwroot.new
mkdir wwwroot.new
(cd assets && node_modules/.bin/sass --quiet --no-error-css --no-source-map --style=compressed --load-path=node_modules site.scss ../wwwroot.new/site.css)
cp assets/*.js assets/icon.svg wwwroot.new/
cp assets/node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js wwwroot.new/govuk.js
printf '%s\n' "$now" >wwwroot.new/.built
rm -rf wwwroot
mv wwwroot.new wwwroot
