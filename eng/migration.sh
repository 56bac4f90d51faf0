#!/usr/bin/env bash
# Adds a migration to a service after its tables changed. Needs no database: only the model is looked at.
#
#   bash eng/migration.sh application PlansAndAppeals
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ $# -eq 2 ] && [ -d "services/$1" ] || { sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

bash eng/setup.sh
dotnet tool restore >/dev/null
# what the service wants to be told at its start; none of it is used
export "ConnectionStrings__$1db=Host=localhost" ConnectionStrings__messaging=amqp://localhost Platform__Key=only-for-the-model "Audit__Key=$(head -c 32 /dev/zero | base64)"
for peer in identity application document; do export "services__${peer}__grpc__0=http://localhost" "services__${peer}__http__0=http://localhost"; done
dotnet ef migrations add "$2" --project "services/$1"
