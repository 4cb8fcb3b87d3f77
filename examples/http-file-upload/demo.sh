#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
export STORAGE=$work/uploads
start gateway "$HARMONY_PORT" "$example/config.toml"

say "A file under a name that the gateway makes"
head -c 300000 /dev/urandom >"$work/scan.bin"
ask --data-binary "@$work/scan.bin" "$gateway/upload"
expect_status 201
expect '"status":"stored"'
path=$(sed -n 's/.*"path":"\([^"]*\)".*/\1/p' <<<"$answer")
cmp "$work/scan.bin" "$STORAGE/$path" || fail "the file is another one"

say "One that is too large is refused before the disk fills"
head -c 10000001 /dev/zero >"$work/large.bin"
ask --data-binary "@$work/large.bin" "$gateway/upload"
expect_status 413
[[ $(find "$STORAGE" -name '*.bin' | wc -l) == 1 ]] || fail "something was kept of it"

say "A name that the client chooses, and the content type with it"
ask -X PUT -H 'content-type: text/csv' --data-binary $'date,glucose\n2026-11-21,5.4\n' "$gateway/files/ward-3/results"
expect_status 201
expect_field 'etag: "'
ask "$gateway/files/ward-3/results"
expect_status 200
expect_field 'content-type: text/csv'
tag=$(sed -n 's/^etag: //Ip' <<<"$fields")

say "A client that has it gets no second copy; a part is a part"
ask -H "If-None-Match: $tag" "$gateway/files/ward-3/results"
expect_status 304
ask -H 'Range: bytes=0-3' "$gateway/files/ward-3/results"
expect_status 206
[[ $answer == date ]] || fail "another part"

say "Two clients change one file: the second learns that it does not know the newest"
ask -X PUT -H "If-Match: $tag" --data-binary 'first' "$gateway/files/ward-3/results"
expect_status 201
ask -X PUT -H "If-Match: $tag" --data-binary 'second' "$gateway/files/ward-3/results"
expect_status 412
ask -X PUT -H 'If-None-Match: *' --data-binary 'third' "$gateway/files/ward-3/results"
expect_status 412

say "What is there"
ask "$gateway/files/ward-3/"
expect_status 200
expect '"name":"files/ward-3/results"'

say "No name leads out of the folder"
ask --path-as-is -X PUT --data-binary 'x' "$gateway/files/..%5c..%5cetc%5cpasswd"
ask --path-as-is "$gateway/files/../../../etc/passwd"
[[ $status != 200 ]] || fail "a file of the system"
[[ -z $(find "$work" -newer "$work/large.bin" -name '*passwd*' -not -path "$STORAGE/*") ]] || fail "a file outside"

say "Gone is gone"
ask -X DELETE "$gateway/files/ward-3/results"
expect_status 204
ask "$gateway/files/ward-3/results"
expect_status 404

say "All answers were as expected"
