#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT PACS_PORT
gateway=http://127.0.0.1:$HARMONY_PORT/jmix/api/jmix
export STORAGE=$work/storage
key='X-API-Key: lab-demo-key-5c1d77aa'
study=1.2.826.0.1.3680043.9.7133.3280065491876470

# fetch FILE ARGUMENTS...: a request whose answer goes to a file.
fetch() {
    local file=$1
    shift
    printf '$ curl -o %s %s\n' "$(basename "$file")" "$*"
    curl -sS --fail --max-time 60 --noproxy '*' -H "$key" -o "$file" "$@" || fail "no package"
}

say "A PACS with one study: that of the mock, stored by DIMSE"
archive pacs PACS "$PACS_PORT"
mkdir -p "$work/mock"
cat >"$work/mock.toml" <<TOML
[proxy]
name = "mock"
primary_provider = "local"
[network.main.tcp_config]
bind_address = "127.0.0.1"
bind_port = \${MOCK_PORT}
[storage.options]
path = "$work/mock"
[pipelines.mock]
networks = ["main"]
endpoints = ["mock"]
backends = ["mock"]
[endpoints.mock]
service = "http"
options.path_prefix = "/mock"
[backends.mock]
service = "mock_dicom"
TOML
use_port MOCK_PORT
start mock "$MOCK_PORT" "$work/mock.toml"
curl -sS --max-time 30 --noproxy '*' -o /dev/null "http://127.0.0.1:$MOCK_PORT/mock/get" -d "{\"StudyInstanceUID\":{\"Value\":[\"$study\"]}}"
"$program" dicom store "PACS@127.0.0.1:$PACS_PORT" "$work/mock/dimse" || fail "not all were stored"
stop mock

start gateway "$HARMONY_PORT" "$example/config.toml"

say "Who has no key learns nothing"
ask "$gateway?studyInstanceUid=$study"
expect_status 401

say "The study is retrieved, and its package is built while it is sent"
fetch "$work/first.zip" "$gateway?studyInstanceUid=$study"
"$program" jmix doctor "$work/first.zip"
"$program" jmix validate "$work/first.zip" | grep -q ': valid' || fail "the package is not valid"

say "The next request finds the package: the PACS may be away"
stop pacs
fetch "$work/second.zip" "$gateway?studyInstanceUid=$study"
cmp "$work/first.zip" "$work/second.zip" || fail "the second package is another one"

say "Its identifier, its manifest"
ask -H "$key" "$gateway/prime/$study"
expect_status 200
id=$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' <<<"$answer")
ask -H "$key" "$gateway/$id/manifest"
expect_status 200
expect '"org:hospital.example"'

say "A package of somebody else, taken in"
printf 'glucose 5.4 mmol/l\n' >"$work/result.txt"
"$program" jmix build "$work/result.txt" -o "$work/other.zip" --sender org:lab.example --receiver org:hospital.example
ask -H "$key" -H 'content-type: application/zip' --data-binary "@$work/other.zip" "$gateway"
expect_status 201
ask -H "$key" -H 'content-type: application/zip' --data-binary "@$work/other.zip" "$gateway"
expect_status 200

say "One that was changed on its way is refused, with the reason"
"$program" jmix unpack "$work/other.zip" "$work/changed"
printf 'glucose 3.1 mmol/l\n' >"$work/changed/payload/files/result.txt"
tar -C "$work/changed" -czf "$work/changed.tar.gz" .
ask -H "$key" -H 'content-type: application/gzip' --data-binary "@$work/changed.tar.gz" "$gateway"
expect_status 400
expect 'payload-hash-mismatch'

say "All answers were as expected"
