#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT WEB_PORT PACS_PORT
images=http://127.0.0.1:$HARMONY_PORT/images
export STORAGE=$work/storage TCP_NODELAY=1

archive archive ARCHIVE "$PACS_PORT"
start server "$WEB_PORT" "$example/server/config.toml"
start gateway "$HARMONY_PORT" "$example/config.toml"
make_image "$work/1.dcm" 1.2.3.1.1 P-1 "an image"
storescu -aec ARCHIVE 127.0.0.1 "$PACS_PORT" "$work/1.dcm" || fail "not stored"

say "A search: the address of the study is the gateway's, not the server's"
ask "$images/studies"
expect_status 200
expect "$images/studies/1.2.3.1"
expect_not ":$WEB_PORT/"

say "Metadata: so is that of the pixels"
ask "$images/studies/1.2.3.1/metadata"
expect_status 200
expect "$images/studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.1.1/bulkdata/7FE00010"

say "Behind another proxy it is what that says"
ask "$images/studies" -H 'x-forwarded-proto: https' -H 'x-forwarded-host: pub.example.org:8443' -H 'x-forwarded-prefix: /x' -H 'x-forwarded-for: 192.0.2.1'
expect_status 200
expect 'https://pub.example.org:8443/x/images/studies/1.2.3.1'

say "Objects pass as they are"
ask "$images/studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.1.1" -H 'accept: application/dicom'
expect_status 200
expect_field 'content-type: application/dicom'

say "Storing is denied before the server hears of it"
ask "$images/studies" -H 'content-type: application/dicom' --data-binary "@$work/1.dcm"
expect_status 403

say "All answers were as expected"
