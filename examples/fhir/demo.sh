#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT/fhir/r4
export FHIR_SERVER=http://127.0.0.1:$HARMONY_PORT/server/r4
key='X-API-Key: portal-demo-key-77ab'

start gateway "$HARMONY_PORT" "$example/config.toml"

say "Without a key: an error that a FHIR client can read"
ask "$gateway/Patient?name=doe"
expect_status 401
expect '"resourceType":"OperationOutcome"'
expect '"code":"login"'

say "A search: its links lead back through the gateway"
ask -H "$key" "$gateway/Patient?name=doe"
expect_status 200
expect "\"$gateway?_getpages=2\""
expect "\"$gateway/Patient/1\""
expect "\"$gateway/Organization/9\""
expect_not '/server/r4'

say "A type in the wrong case, and one that there is not"
ask -H "$key" "$gateway/patient/1"
expect_status 404
expect "did you mean 'Patient'?"

say "What the endpoint does not let through"
ask -H "$key" -X DELETE "$gateway/Patient/1"
expect_status 403
expect 'delete'
ask -H "$key" "$gateway/Medication/1"
expect_status 403

say "The same in XML, for a client that wants that"
ask -H "$key" -H 'accept: application/fhir+xml' "$gateway/Medication/1"
expect_status 403
expect '<OperationOutcome xmlns="http://hl7.org/fhir">'

say "All answers were as expected"
