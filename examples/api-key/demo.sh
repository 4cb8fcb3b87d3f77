#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"

say "Without a key: 401"
ask "$gateway/images/7"
expect_status 401
expect_field 'www-authenticate: ApiKey realm="harmony"'

say "With a key in the field. The backend does not see it"
ask "$gateway/images/7" -H 'x-api-key: north-demo-key-1b5e3f0c'
expect_status 200
expect '"path":"7"'
expect_not 'demo-key'

say "With a key in the query"
ask "$gateway/images/7?key=south-demo-key-9d2a7c44"
expect_status 200

say "A key that nobody has, and one in two places"
ask "$gateway/images/7" -H 'x-api-key: west-demo-key-00000000'
expect_status 401
ask "$gateway/images/7?key=north-demo-key-1b5e3f0c" -H 'x-api-key: north-demo-key-1b5e3f0c'
expect_status 401

say "What the gateway logged: no key"
grep 'harmony.auth' "$work/gateway.log"
! grep 'demo-key' "$work/gateway.log" || fail "the log holds a key"

say "All answers were as expected"
