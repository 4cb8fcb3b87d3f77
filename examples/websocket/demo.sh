#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT ORIGIN_PORT
gateway=http://127.0.0.1:$HARMONY_PORT

say "Building echo.cs, the service and the client of this demo"
MSBUILDDISABLENODEREUSE=1 dotnet build "$example/echo.cs" -o "$work/echo" -v quiet -p:UseSharedCompilation=false
start_process origin "$ORIGIN_PORT" "$work/echo/echo" serve "$ORIGIN_PORT"
start gateway "$HARMONY_PORT" "$example/config.toml"

say "An ordinary request: the service wants an upgrade and says so"
ask "$gateway/live"
expect_status 426

say "The handshake. curl cannot speak WebSocket afterwards, so it gives up after a second; the key and the answer are those of RFC 6455"
printf '\n$ curl -i %s -H "connection: upgrade" -H "upgrade: websocket" ...\n' "$gateway/live"
fields=$(curl -sS -i -N --http1.1 --max-time 1 --noproxy '*' "$gateway/live" -H 'connection: upgrade' -H 'upgrade: websocket' \
    -H 'sec-websocket-version: 13' -H 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==' 2>/dev/null | tr -d '\r\0') || true
printf '%s\n' "$fields"
expect_field 'HTTP/1.1 101'
expect_field 'upgrade: websocket'
expect_field 'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='

say "A whole conversation, with a message larger than one frame's buffer"
large=$(printf 'x%.0s' {1..20000})
printf '\n$ dotnet run echo.cs -- talk ws://127.0.0.1:%s/live hello again <20000 x>\n' "$HARMONY_PORT"
answer=$("$work/echo/echo" talk "ws://127.0.0.1:$HARMONY_PORT/live" hello again "$large")
cut -c 1-60 <<<"$answer"
expect 'echo: hello'
expect 'echo: again'
expect "echo: $large"
expect 'closed: NormalClosure'

say "All answers were as expected"
