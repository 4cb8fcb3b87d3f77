#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
export HARMONY_LOG=info,harmony.policies=debug
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"

from() { # from ADDRESS STATUS PATH ARGUMENTS...: asks as a client of that address and expects the status
    local address=$1 expected=$2 path=$3
    shift 3
    ask "$gateway$path" -H "x-forwarded-for: $address" "$@"
    expect_status "$expected"
}

say "The office is allowed by its address; others are not"
from 10.0.0.1 200 /records/Patient/7
from 2001:db8::7 200 /records/Patient/7
from 203.0.113.9 403 /records/Patient/7
expect 'Access denied by policy'

say "Partners need all of: the field, reading, JSON"
from 203.0.113.10 200 /records/Patient/7 -H 'x-partner: clinic-7' -H 'content-type: application/fhir+json'
from 203.0.113.10 403 /records/Patient/7 -H 'x-partner: clinic-7' -H 'content-type: application/fhir+json' -X POST
from 203.0.113.10 403 /records/Patient/7 -H 'x-partner: other' -H 'content-type: application/fhir+json'

say "One rule of 'people' is enough: a path, a parameter"
from 203.0.113.11 200 /records/Patient
from 203.0.113.11 200 '/records/Patient/7?maintenance'

say "One rule that denies is enough, whatever allows"
from 10.6.6.6 403 /records/Patient/7
from 10.0.0.2 403 /records/Patient/admin/x
from 10.0.0.2 403 '/records/Patient/%61dmin;v=1/x'
from 10.0.0.2 403 /records/Patient/7 -A 'FriendlyBot/1.0'
from 10.0.0.2 403 /records/Patient/7 -H 'cf-ipcountry: XX'
from 10.0.0.2 403 '/records/Patient/7/$purge'

say "The path filter comes before the policies"
from 10.0.0.3 404 /records/Medication/1
from 10.0.0.3 404 /records/Patient/drafts/1

say "Five requests a minute for each client"
for ((n = 0; n < 5; n++)); do from 10.0.0.4 200 /records/Patient/7; done
from 10.0.0.4 429 /records/Patient/7
expect 'Rate limit exceeded'
expect_field 'retry-after:'
expect_field 'ratelimit-policy: "per_minute";q=5;w=60'
from 10.0.0.5 200 /records/Patient/7

say "Three for everybody together"
for ((n = 0; n < 3; n++)); do from "10.0.1.$n" 200 /open; done
from 10.0.1.9 429 /open

say "What the gateway logged of the first requests"
grep -m3 'harmony.policies' "$work/gateway.log"
[[ $(grep -c 'harmony.policies' "$work/gateway.log") -gt 10 ]] || fail "the log does not show the rules"

say "All answers were as expected"
