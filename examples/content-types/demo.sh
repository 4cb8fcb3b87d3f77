#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"

say "JSON is itself"
ask "$gateway/api" -H 'content-type: application/fhir+json' -d '{"resourceType":"Patient"}'
expect_status 200
expect '"resourceType":"Patient"'

say "XML: attributes have an @, several siblings are an array, an empty element is an empty string"
ask "$gateway/api" -H 'content-type: text/xml' -d '<order id="7"><item>a</item><item>b</item><note/></order>'
expect '"order":{"@id":"7","item":["a","b"],"note":""}'

say "CSV: rows are objects; what a spreadsheet would take for a formula is disarmed"
ask "$gateway/api" -H 'content-type: text/csv' --data-binary $'name,sum\nAnna,=1+1\n'
expect "\"rows\":[{\"name\":\"Anna\",\"sum\":\"'=1+1\"}],\"row_count\":1"

say "A form: name[] is an array"
ask "$gateway/api" -d 'a=1&b[]=2&b[]=3'
expect '"a":"1","b":["2","3"]'

say "An upload: fields, and of files name, type, size and SHA-256"
printf 'abc' >"$work/a.txt"
ask "$gateway/api" -F 'study=1.2.3' -F "file=@$work/a.txt;type=text/plain"
expect '"fields":{"study":"1.2.3"}'
expect '"filename":"a.txt","content_type":"text/plain","size":3,"checksum":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"'

say "Anything binary is described"
ask "$gateway/api" -H 'content-type: application/octet-stream' --data-binary "@$work/a.txt"
expect '"format":"binary","content_type":"application/octet-stream","size":3'

say "A charset is honoured, and so is gzip; the backend gets the bytes as they came"
printf '<name>M\374ller</name>' | gzip >"$work/latin1.gz"
ask "$gateway/api" -H 'content-type: text/xml; charset=iso-8859-1' -H 'content-encoding: gzip' --data-binary "@$work/latin1.gz"
expect '"name":"Müller"'
expect '"original_data":[31,139,'

say "What is not what it says is refused: 400; with a charset nobody knows: 415"
ask "$gateway/api" -H 'content-type: text/xml' -d '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
expect_status 400
ask "$gateway/api" -H 'content-type: text/plain; charset=klingon' -d 'a'
expect_status 415

say "What is too much: 413, and the log names the limit"
printf 'a=1&%.0s' {1..1001} >"$work/form"
ask "$gateway/api" --data-binary "@$work/form"
expect_status 413
grep -F 'content_limits.max_form_fields = 1000' "$work/gateway.log" || fail "the log does not name the limit"

say "All answers were as expected"
