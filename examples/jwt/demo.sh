#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

say "The identity provider makes a pair of keys; the gateway gets the public one"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/private.pem" 2>/dev/null
openssl pkey -in "$work/private.pem" -pubout -out "$work/public.pem"
export JWT_PUBLIC_KEY=$work/public.pem

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# token HEADER CLAIMS: signs with the identity provider's key, whatever the header says.
token() {
    local signed
    signed=$(printf '%s' "$1" | base64url).$(printf '%s' "$2" | base64url)
    printf '%s.%s' "$signed" "$(printf '%s' "$signed" | openssl dgst -sha256 -sign "$work/private.pem" -binary | base64url)"
}

claims() { # claims AUDIENCE SECONDS
    printf '{"iss":"https://id.example.org","aud":"%s","sub":"ann","exp":%d}' "$1" $(($(date +%s) + $2))
}

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"
header='{"alg":"RS256","typ":"JWT"}'

say "Without a token: 401, and the scheme that is expected"
ask "$gateway/records/7"
expect_status 401
expect_field 'www-authenticate: Bearer realm="harmony"'

say "With a good one"
ask "$gateway/records/7" -H "authorization: Bearer $(token "$header" "$(claims records 600)")"
expect_status 200
expect '"path":"7"'

say "It has expired"
ask "$gateway/records/7" -H "authorization: Bearer $(token "$header" "$(claims records -600)")"
expect_status 401
expect_field 'error="invalid_token"'

say "It is meant for another service"
ask "$gateway/records/7" -H "authorization: Bearer $(token "$header" "$(claims billing 600)")"
expect_status 401

say "It claims to need no signature"
ask "$gateway/records/7" -H "authorization: Bearer $(token '{"alg":"none"}' "$(claims records 600)")"
expect_status 401

say "What the gateway logged: the reasons, and nothing of the tokens"
grep 'harmony.auth' "$work/gateway.log"
! grep -F "$(printf '%s' "$header" | base64url)" "$work/gateway.log" || fail "the log holds a token"

say "All answers were as expected"
