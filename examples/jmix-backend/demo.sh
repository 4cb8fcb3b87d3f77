#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT SERVER_PORT
export STORAGE=$work/storage JMIX_SERVER=http://127.0.0.1:$SERVER_PORT
gateway=http://127.0.0.1:$HARMONY_PORT/packages/api/jmix
key='X-API-Key: lab-demo-key-5c1d77aa'
start server "$SERVER_PORT" "$example/server/config.toml"
start gateway "$HARMONY_PORT" "$example/config.toml"

say "A package"
printf 'glucose 5.4 mmol/l\n' >"$work/result.txt"
"$program" jmix build "$work/result.txt" -o "$work/package.zip" --sender org:lab.example --receiver org:hospital.example

say "Who has no key sends nothing"
ask -H 'content-type: application/zip' --data-binary "@$work/package.zip" "$gateway"
expect_status 401

say "Sent through the gateway, checked and kept by the server"
ask -H "$key" -H 'content-type: application/zip' --data-binary "@$work/package.zip" "$gateway"
expect_status 201
id=$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' <<<"$answer")

say "Fetched again, byte for byte; the manifest alone; a part"
curl -sS --noproxy '*' --max-time 30 -H "$key" -o "$work/back.zip" "$gateway/$id"
cmp "$work/package.zip" "$work/back.zip" || fail "another package came back"
ask -H "$key" "$gateway/$id/manifest"
expect_status 200
expect '"org:lab.example"'
ask -H "$key" -r 0-3 -o /dev/null "$gateway/$id"
expect_status 206

say "Taken away by nobody"
ask -H "$key" -X DELETE "$gateway/$id"
expect_status 403

say "The server is away: 502"
stop server
ask -H "$key" "$gateway/$id"
expect_status 502

say "All answers were as expected"
