#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"

say "What is below the prefix is the path; the query is not lost, the echo just does not show it"
ask "$gateway/echo/patients/7?verbose=1"
expect_status 200
expect '"path":"patients/7"'
expect '"full_path":"/echo/patients/7"'
expect_field 'content-type: application/json'
expect_field 'x-request-id: '

say "Members of a JSON object come back beside the rest, the bytes as numbers"
ask "$gateway/echo" -H 'content-type: application/json' -d '{"greeting":"hi"}'
expect_status 200
expect '"greeting":"hi"'
expect '"original_data":[123,34,'

say "Credentials are named but never shown"
ask "$gateway/echo" -u nurse:secret
expect_status 200
expect '"authorization":'
expect_not 'bnVyc2U6c2VjcmV0' # nurse:secret in base64

say "Your request id, if you send one, is used everywhere"
ask "$gateway/echo" -H 'x-request-id: demo-42'
expect_field 'x-request-id: demo-42'

say "A path has one spelling before anything looks at it"
ask --path-as-is "$gateway/echo/%61/../b"
expect '"full_path":"/echo/b"'

say "A pattern takes one path only ..."
ask "$gateway/hello/world"
expect_status 200
expect '"full_path":"/hello/world"'

say "... and one method only"
ask -X DELETE "$gateway/hello/world"
expect_status 405
expect_field 'allow: GET'

say "Nothing is there under any other path"
ask "$gateway/elsewhere"
expect_status 404

say "All answers were as expected"
