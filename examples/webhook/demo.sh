#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT RECEIVER_PORT
gateway=http://127.0.0.1:$HARMONY_PORT

# told TEXT: waits until the receiver's log has a line with the text.
told() { eventually grep -qF -- "$1" "$work/receiver.log" || fail "the receiver was not told: $1"; }

start receiver "$RECEIVER_PORT" "$example/receiver/config.toml"
start gateway "$HARMONY_PORT" "$example/config.toml"

say "A request, and what the audit system is told of it"
ask "$gateway/orders/7?page=2&api_key=SECRET" -H 'cookie: session=SECRET' -H 'x-internal: SECRET' -H 'x-patient-name: SECRET' -H 'x-ward: 4b'
expect_status 200
told '"side":"left","time":"20'
told '"pipeline":"orders","request_id":"'
told '"request":{"method":"GET","uri":"/orders/7?page=2&api_key=<redacted>"'
told '"x-ward":"4b"'
told '"side":"right"'
told '"duration_ms":'
told '"response":{"status":200'
if grep -qF SECRET "$work/receiver.log"; then fail "a secret has left the gateway"; fi
grep -F 'harmony.dump' "$work/receiver.log" | cut -c1-300

say "The audit system is down: requests are answered as before, and the log says what was lost"
stop receiver
ask "$gateway/orders/8"
expect_status 200
eventually grep -F '[2701]' "$work/gateway.log" || fail "nothing in the log about the receiver"

say "All answers were as expected"
