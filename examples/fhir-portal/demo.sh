#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

say "The identity provider makes a pair of keys; the gateway gets the public one"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/private.pem" 2>/dev/null
openssl pkey -in "$work/private.pem" -pubout -out "$work/public.pem"
export JWT_PUBLIC_KEY=$work/public.pem

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

token() { # token SUBJECT SECONDS: good for so many seconds
    local signed
    signed=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url).$(printf '{"iss":"https://id.example.org","aud":"fhir","sub":"%s","exp":%d}' "$1" $(($(date +%s) + $2)) | base64url)
    printf '%s.%s' "$signed" "$(printf '%s' "$signed" | openssl dgst -sha256 -sign "$work/private.pem" -binary | base64url)"
}

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT/r4
export FHIR_SERVER=http://127.0.0.1:$HARMONY_PORT/server/r4
export REQUESTS_PER_MINUTE=4 # so that the demo is short
start gateway "$HARMONY_PORT" "$example/config.toml"
ann="authorization: Bearer $(token ann 3600)" bob="authorization: Bearer $(token bob 3600)"

say "An application finds out where it gets a token"
ask "$gateway/.well-known/smart-configuration"
expect_status 200
expect '"token_endpoint":"https://id.example.org/token"'

say "Without a token, and with one that has expired"
ask "$gateway/Patient"
expect_status 401
expect '"code":"login"'
ask "$gateway/Patient" -H "authorization: Bearer $(token ann -3600)"
expect_status 401

say "With a good one: what the server has, and links that lead back through the gateway"
ask "$gateway/Patient" -H "$ann"
expect_status 200
expect "\"$gateway?_getpages=2\""
expect_not '/server/r4'

say "Three more are within the limit, a fifth is not"
for ((i = 0; i < 3; i++)); do
    ask "$gateway/Patient" -H "$ann"
    expect_status 200
done
ask "$gateway/Patient" -H "$ann"
expect_status 429
expect_field 'retry-after:'
expect '"resourceType":"OperationOutcome"'
expect '"code":"throttled"'

say "The same for a client that wants XML; another user goes on"
ask "$gateway/Patient" -H "$ann" -H 'accept: application/fhir+xml'
expect_status 429
expect '<code value="throttled"'
ask "$gateway/Patient" -H "$bob"
expect_status 200

say "All answers were as expected"
