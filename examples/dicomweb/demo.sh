#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT PACS_PORT STORE_PORT
web=http://127.0.0.1:$HARMONY_PORT/dicomweb
export PACS_AET=PACS PACS_HOST=127.0.0.1 STORAGE=$work/storage TCP_NODELAY=1

start gateway "$HARMONY_PORT" "$example/config.toml"
archive pacs PACS "$PACS_PORT" "HARMONY_SCU@127.0.0.1:$STORE_PORT"

say "Store two objects by STOW-RS: the gateway sends them to the PACS by C-STORE"
for i in 1 2; do make_image "$work/$i.dcm" "1.2.3.$i" P-1 "image $i"; done
{
    for i in 1 2; do
        printf -- '--parts\r\nContent-Type: application/dicom\r\n\r\n'
        cat "$work/$i.dcm"
        printf '\r\n'
    done
    printf -- '--parts--'
} >"$work/body"
ask "$web/studies" -H 'content-type: multipart/related; type="application/dicom"; boundary=parts' --data-binary "@$work/body"
expect_status 200
expect '"00081199"'
[[ $(archived pacs) == 2 ]] || fail "the PACS has not got them"

say "Search: C-FIND, as DICOM JSON"
ask "$web/studies?PatientID=P-1&includefield=PatientName"
expect_status 200
expect '"0020000D":{"vr":"UI","Value":["1.2.3.1"]}'
expect "$web/studies/1.2.3.1"

say "The series and the instances of the study"
ask "$web/studies/1.2.3.1/series"
expect_status 200
ask "$web/studies/1.2.3.1/instances?limit=1"
expect_status 200
expect_field 'warning: 299'

say "Metadata, without pixels: they have an address of their own"
ask "$web/studies/1.2.3.1/metadata"
expect_status 200
expect '/bulkdata/7FE00010'

say "A frame, as it is stored"
ask "$web/studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.1/frames/1" -H 'accept: application/octet-stream'
expect_status 200
expect_field 'content-length: 4'

say "The study, each object a part"
ask "$web/studies/1.2.3.1" -H 'accept: multipart/related; type="application/dicom"; transfer-syntax=*'
expect_status 200
[[ $(grep -c 'transfer-syntax=1.2.840.10008.1.2.1' <<<"$answer") == 2 ]] || fail "there are not two parts"

say "What cannot be given is 406, and the answer says what can"
ask "$web/studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.1" -H 'accept: multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.102'
expect_status 406
expect '1.2.840.10008.1.2.1'

say "A misspelt filter finds nobody instead of everybody"
ask "$web/studies?PatinetID=P-1"
expect_status 400

say "Policies see what is asked for"
ask "$web/studies?PatientID=VIP"
expect_status 403

say "A page of another origin may use it"
ask "$web/studies" -X OPTIONS -H 'origin: https://viewer.example.org' -H 'access-control-request-method: GET'
expect_status 200
expect_field 'access-control-allow-origin: *'

say "A PACS that is down is 502"
stop pacs
ask "$web/studies?PatientID=P-2"
expect_status 502

say "All answers were as expected"
