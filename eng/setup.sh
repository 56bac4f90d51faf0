#!/usr/bin/env bash
# Makes a bare Debian 12 machine ready to build, run and test this clone. Asks nothing; each step says one line when it
# works and is skipped when it was done before, so it can be run again after any interruption (and costs nothing then).
#
#   1. .NET SDK 10            must be there already
#   2. Aspire packages        used as they are where the NuGet registry serves them; otherwise
#   3.   DCP and dashboard    unpacked from the Aspire CLI (npm)
#   4.   fill-in feed         the official packages the registry lacks, taken out of the dashboard program
#   5. PostgreSQL, RabbitMQ   from apt, not started as services; not where the stock Aspire packages can use a container
#                             engine, except PostgreSQL for the tests (bash eng/setup.sh --tests)
#                             and Chromium with fonts of all Chinese characters, which prints forms
#      libvips                from apt: the document service's worker makes photos with it
#      clamd                  from apt where it can be had: scans uploads (eng/clamd.sh runs it)
#   6. style of the web       built by npm from frontends/web/assets
#   7. artifacts/machine.props tells this clone's build the outcome
#
# 2 to 4 are kept per user and shared by all clones, under $XDG_CACHE_HOME (default ~/.cache)/exam-platform.
# To have the registry asked again, delete that folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly aspire=13.5.4
readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/exam-platform/aspire-$aspire"
readonly policy=/usr/sbin/policy-rc.d policy_mark='# placed by eng/setup.sh while packages install'
scratch=''

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: FAILED: %s\n' "$*" >&2; exit 1; }

cleanup() {
  if [ -n "$scratch" ]; then rm -rf "$scratch"; fi
  allow_services
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Runs a command quietly; on failure shows the end of what it said. It does not get the lock (9): the build servers that
# dotnet leaves behind would hold it for ever.
quietly() {
  local log="$scratch/quiet.log"
  "$@" >"$log" 2>&1 9>&- && return
  tail -n 15 "$log" >&2
  return 1
}

# apt starts the services it installs unless this script of Debian's forbids it. An own one of the machine is put back.
forbid_services() {
  if [ -e "$policy" ] && ! grep -qF "$policy_mark" "$policy"; then as_root mv "$policy" "$policy.before-exam"; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

allow_services() {
  if [ -e "$policy" ] && grep -qF "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
  if [ -e "$policy.before-exam" ] && [ ! -e "$policy" ]; then as_root mv "$policy.before-exam" "$policy"; fi
}

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }

apt_install() {
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    fail "$* must be installed and this user may not. Run as root: apt-get install $*"
  fi
  command -v apt-get >/dev/null || fail "$* must be installed, and this is no Debian. Install it with this system's own means."
  forbid_services
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q \
    || fail 'apt-get update did not work (see above). Check the network and the apt sources.'
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" \
    || fail "apt could not install $* (see above)."
  allow_services
}

check_sdk() {
  local hint='Install it from https://dot.net and put dotnet on the PATH.'
  command -v dotnet >/dev/null || fail ".NET SDK 10 is missing. $hint"
  [[ $'\n'"$(dotnet --list-sdks)" == *$'\n10.'* ]] || fail "dotnet is here, but no SDK 10. $hint"
}

# A docker client alone is no engine.
engine_runs() { command -v docker >/dev/null && timeout 5 docker info >/dev/null 2>&1; }

# Without it everything runs but the making of photos, so a machine that may not install it is told and goes on.
install_photo_library() {
  if [[ $(ldconfig -p) == *"libvips.so.42 "* ]]; then return; fi
  if ! may_install; then
    say 'note: libvips is missing and this user may not install it: no photos are made (as root: apt-get install libvips42)'
    return
  fi
  say 'installing libvips42 (photos are made with it)'
  apt_install libvips42
}

# Without it uploads are released unscanned, and say so: a machine that cannot have it is told once and goes on.
install_virus_scanner() {
  if [ -x /usr/sbin/clamd ] || [ -f "$cache/no-clamd" ]; then return; fi
  if may_install; then
    say 'installing clamav-daemon (scans uploads; not started as a service)'
    if (apt_install clamav-daemon); then
      if [ -d /run/systemd/system ]; then as_root systemctl disable -q clamav-daemon.service clamav-daemon.socket 2>/dev/null || true; fi
      return
    fi
  fi
  allow_services
  say "note: without clamav-daemon uploads are not scanned for viruses; the dashboard and the operators' page say so"
  touch "$cache/no-clamd"
}

install_servers() {
  local missing=() purpose=$1
  local printing=()
  if [ ! -x /usr/bin/chromium ]; then printing+=(chromium); fi
  # without it Chromium draws boxes: widths and pictures would be of something nobody sees
  if [ ! -f /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]; then printing+=(fonts-noto-cjk); fi
  if [ ! -f /usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf ]; then printing+=(fonts-babelstone-han); fi
  if [ ! -f /usr/share/fonts/truetype/hanazono/HanaMinB.ttf ]; then printing+=(fonts-hanazono); fi
  if [ ${#printing[@]} -gt 0 ] && [ "$purpose" != --tests ] && ! may_install; then
    say "note: without ${printing[*]} forms are given as HTML only, and nothing else is missing"
  elif [ ${#printing[@]} -gt 0 ]; then
    say "installing ${printing[*]} (prints forms; the tests of the pages)"
    apt_install "${printing[@]}"
  fi
  if [ ! -x /usr/lib/postgresql/15/bin/postgres ]; then missing+=(postgresql-15); fi
  if [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then missing+=(rabbitmq-server); fi
  if [ ${#missing[@]} -gt 0 ] && [ "$(<"$cache/served")" = yes ] && engine_runs; then
    # The service tests run their own PostgreSQL; everything else comes in containers.
    if [ "$purpose" = --tests ] && [ "${missing[0]}" = postgresql-15 ]; then missing=(postgresql-15); else missing=(); fi
  fi
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  say "installing ${missing[*]} (not started as services)"
  apt_install "${missing[@]}"
  # The platform starts its own; these would also come up at the next boot.
  if [ -d /run/systemd/system ]; then
    as_root systemctl disable -q postgresql rabbitmq-server epmd.socket 2>/dev/null \
      || say 'note: systemd may start PostgreSQL and RabbitMQ at the next boot; the platform does not need that'
  fi
}

# Writes yes or no; a registry that cannot be reached is neither.
ask_registry() {
  local probe="$scratch/probe" answer
  mkdir "$probe"
  {
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>'
    sed -nE 's/.*Include="(Aspire\.[^"]+)" Version="([^"]+)".*/<PackageDownload Include="\1" Version="[\2]" \/>/p' Directory.Packages.props
    echo '</ItemGroup></Project>'
  } >"$probe/probe.csproj"
  say "asking the NuGet registry for Aspire $aspire"
  if answer=$(dotnet restore "$probe/probe.csproj" 2>&1 9>&-); then
    echo yes
  elif grep -qE 'NU110[123]' <<<"$answer" && ! grep -qE 'NU1301' <<<"$answer"; then
    echo no
  else
    printf '%s\n' "$answer" | tail -n 5 >&2
    fail 'the NuGet registry gave no answer (see above). Check the network, then run this again.'
  fi >"$cache/served.new"
  mv "$cache/served.new" "$cache/served"
}

need_npm() { command -v npm >/dev/null || { say 'installing npm'; apt_install npm; }; }

build_web_assets() {
  need_npm
  bash eng/web-assets.sh 9>&- || fail 'the style of the web front end could not be built (npm, see above).'
}

unpack_tools() {
  need_npm
  say "unpacking DCP and the dashboard from the Aspire CLI $aspire (npm, about 150 MB)"
  [ "$(uname -sm)" = 'Linux x86_64' ] || fail 'the Aspire CLI is fetched for Linux on x64 only, and this machine is another.'
  local tools="$scratch/tools"
  mkdir -p "$tools/bin" "$scratch/home"
  (cd "$scratch" && quietly npm pack --silent "@microsoft/aspire-cli-linux-x64@$aspire") \
    || fail "npm could not fetch @microsoft/aspire-cli-linux-x64@$aspire (see above)."
  tar -xzf "$scratch"/microsoft-aspire-cli-*.tgz -C "$tools/bin" --strip-components=2 package/bin/aspire
  # The CLI looks for what it unpacked beside its own folder, and would otherwise write to the user's home.
  HOME="$scratch/home" ASPIRE_CLI_TELEMETRY_OPTOUT=1 quietly "$tools/bin/aspire" setup --install-path "$tools" --non-interactive --nologo \
    || fail 'the Aspire CLI could not unpack DCP and the dashboard (see above).'
  mv "$tools"/versions/*/dcp "$scratch/dcp"
  mv "$tools"/versions/*/managed "$scratch/managed"
  [ -x "$scratch/dcp/dcp" ] && [ -x "$scratch/managed/aspire-managed" ] || fail 'the Aspire CLI unpacked something else than expected.'
  rm -rf "$cache/dcp" "$cache/managed"
  mv "$scratch/managed" "$cache/managed"
  mv "$scratch/dcp" "$cache/dcp"
}

fill_feed() {
  say 'making the fill-in feed from the dashboard program'
  quietly dotnet build eng/fill-in-feed -c Release -v q --nologo -o "$scratch/fill-in-feed" \
    || fail 'eng/fill-in-feed did not build (see above).'
  quietly "$scratch/fill-in-feed/FillInFeed" "$cache/managed/aspire-managed" "$scratch/feed" \
    || fail 'the fill-in feed could not be made (see above).'
  mv -T "$scratch/feed" "$1"
}

tell_build() {
  local props=artifacts/machine.props text
  text=$(printf '%s\n' '<Project>' '  <!-- Written by eng/setup.sh for this machine. -->' '  <PropertyGroup>' "$@" '  </PropertyGroup>' '</Project>')
  if [ -f "$props" ] && [ "$(<"$props")" = "$text" ]; then return; fi
  say "writing $props"
  mkdir -p artifacts
  printf '%s\n' "$text" >"$props.new"
  mv "$props.new" "$props"
}

main() {
  check_sdk
  mkdir -p "$cache"
  # Two clones may come here at once: the second waits, then finds the work done.
  exec 9>"$cache.lock"
  flock -n 9 || { say 'waiting for the setup of another clone'; flock 9; }
  trap cleanup EXIT
  # What a killed setup left; holding the lock, nobody else can be using it.
  rm -rf "$cache"/scratch.*
  scratch=$(mktemp -d "$cache/scratch.XXXXXX")
  if [ ! -f "$cache/served" ]; then ask_registry; fi
  install_servers "${1:-}"
  install_photo_library
  install_virus_scanner
  build_web_assets
  if [ "$(<"$cache/served")" = yes ]; then
    tell_build '    <UseAspirePackages>true</UseAspirePackages>'
    return
  fi
  if [ ! -x "$cache/dcp/dcp" ] || [ ! -x "$cache/managed/aspire-managed" ]; then unpack_tools; fi
  # Named by the maker's sources, so that clones of different age do not overwrite each other's.
  local feed
  feed="$cache/feed-$(cat eng/fill-in-feed/*.cs | sha256sum | cut -c1-12)"
  if [ ! -d "$feed" ]; then fill_feed "$feed"; fi
  tell_build '    <UseAspirePackages>false</UseAspirePackages>' "    <FillInFeed>$feed</FillInFeed>" "    <AspireToolsPath>$cache</AspireToolsPath>"
}

main "$@"
