#!/usr/bin/env bash
# Compiles what the platform's processes load (MassTransit, EF Core, Npgsql …, their own programs) to native code in their build folders, once per
# machine: they come as IL, and eight processes that compile the same IL at every start keep two cores busy for half a minute.
# Uses Microsoft's own crossgen2 from the package registry; where that cannot be had nothing is changed and the start is merely slower.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly libraries='MassTransit*.dll RabbitMQ.Client.dll Microsoft.EntityFrameworkCore*.dll Npgsql*.dll Grpc.*.dll Google.Protobuf.dll OpenTelemetry*.dll Microsoft.IdentityModel.*.dll
  System.IdentityModel.*.dll Yarp.*.dll Microsoft.OpenApi.dll Microsoft.AspNetCore.*.dll ExamPlatform.*.dll'
runtime=$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" && $2 ~ /^10\./ {v = $2; d = $3} END {gsub(/[][]/, "", d); print d "/" v}')
aspnet=${runtime/Microsoft.NETCore.App/Microsoft.AspNetCore.App}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/exam-platform/native-$(basename "$runtime")
mkdir -p "$cache"

compiler() {
  local found
  found=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.netcore.app.crossgen2.linux-x64" -name crossgen2 -type f 2>/dev/null | sort -V | tail -n 1)
  if [ -z "$found" ] && [ ! -f "$cache/none" ]; then
    say 'Fetching the native compiler …' >&2
    cat >"$cache/fetch.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><RuntimeIdentifier>linux-x64</RuntimeIdentifier><PublishReadyToRun>true</PublishReadyToRun><SelfContained>false</SelfContained></PropertyGroup>
</Project>
PROJECT
    dotnet restore "$cache/fetch.csproj" >"$cache/fetch.log" 2>&1 || touch "$cache/none"
    found=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.netcore.app.crossgen2.linux-x64" -name crossgen2 -type f 2>/dev/null | sort -V | tail -n 1)
  fi
  printf '%s' "$found"
}

# One library: from the cache, or compiled now against everything beside it. What is native already is kept as it is.
precompile() {
  local file=$1 key made
  key=$(sha256sum "$file" | cut -c1-32)
  [ -f "$cache/done-$key" ] && return
  made=$cache/$key.dll
  if [ ! -f "$made" ]; then
    "$crossgen" "$file" -o "$made.$$" -r "$(dirname "$file")/*.dll" -r "$runtime/*.dll" -r "$aspnet/*.dll" --targetos linux --targetarch x64 -O >"$cache/$key.log" 2>&1 \
      && mv "$made.$$" "$made" || { rm -f "$made.$$"; touch "$cache/done-$key"; return; }
    touch "$cache/done-$(sha256sum "$made" | cut -c1-32)"
  fi
  cp "$made" "$file.native" && touch -r "$file" "$file.native" && mv "$file.native" "$file"
}

crossgen=$(compiler)
[ -n "$crossgen" ] || exit 0
export crossgen cache runtime aspnet
export -f precompile
for folder in "$@"; do (cd "$folder" && for pattern in $libraries; do compgen -G "$pattern" || true; done | sed "s#^#$PWD/#"); done | sort -u |
  xargs -r -P 2 -I{} bash -c 'set -euo pipefail; precompile "$1"' _ {}
