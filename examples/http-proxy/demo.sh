#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT ORIGIN_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start origin "$ORIGIN_PORT" "$example/origin/config.toml"
start gateway "$HARMONY_PORT" "$example/config.toml"

say "/shop/... at the gateway is /api/... at the service; the echo shows what arrived there"
ask "$gateway/shop/orders/7?full=yes"
expect_status 200
expect '"full_path":"/api/orders/7"'

say "It is told whom the request is from, and gets the gateway's fields and key"
expect '"x-forwarded-for":"127.0.0.1"'
expect "\"x-forwarded-host\":\"127.0.0.1:$HARMONY_PORT\""
expect "\"host\":\"127.0.0.1:$ORIGIN_PORT\""
expect '"x-gateway":"harmony"'
expect '"x-api-key":"only-for-this-demo"'

say "What concerns only the client's connection stays here: Connection, and what it names; and the client's own credentials"
ask "$gateway/shop/orders" -H 'connection: x-hop' -H 'x-hop: 1' -H 'x-end: 2' -H 'authorization: Bearer of-the-client'
expect_status 200
expect '"x-end":"2"'
expect_not '"x-hop"'
expect_not '"authorization"'

say "What a client claims about forwarding is not believed: no proxy is trusted here"
ask "$gateway/shop/orders" -H 'x-forwarded-for: 203.0.113.9' -H 'forwarded: for=203.0.113.9'
expect_status 200
expect '"x-forwarded-for":"127.0.0.1"'
expect_not '203.0.113.9'

say "A body larger than max_body_size of the endpoint is refused before anything is sent"
head -c 2000000 /dev/zero >"$work/large"
ask "$gateway/shop/orders" -H 'expect:' --data-binary "@$work/large"
expect_status 413

say "The service is down: 502, after the one retry that max_retries allows"
stop origin
ask "$gateway/shop/orders/7"
expect_status 502

say "It is back: nothing to do at the gateway"
start origin "$ORIGIN_PORT" "$example/origin/config.toml"
ask "$gateway/shop/orders/7"
expect_status 200

say "What the gateway logged"
grep -E 'WARN|ERROR' "$work/gateway.log" || true

say "All answers were as expected"
