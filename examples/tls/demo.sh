#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT STRICT_PORT PLAIN_PORT
cp -r "$example/config.toml" "$example/pipelines" "$work"
bash "$example/certificates.sh" "$work/tls"
start gateway "$HARMONY_PORT" "$work/config.toml"

# shown PORT ARGUMENTS...: the subject of the certificate that openssl is shown, or nothing
shown() {
    local port=$1
    shift
    printf '\n$ openssl s_client -connect 127.0.0.1:%s %s\n' "$port" "$*" >&2
    { openssl s_client -connect "127.0.0.1:$port" "$@" </dev/null 2>/dev/null || true; } | sed -n 's/^subject=//p' | tee /dev/stderr
}

say "curl trusts the authority and nothing else; HTTP/2 is negotiated"
ask "https://localhost:$HARMONY_PORT/a" --cacert "$work/tls/ca.pem" --http2
expect_status 200
expect_field 'HTTP/2 200'
ask "https://localhost:$HARMONY_PORT/a" --cacert "$work/tls/ca.pem" --http1.1
expect_field 'HTTP/1.1 200'

say "The name that a client asks for chooses the certificate"
[[ $(shown "$HARMONY_PORT" -servername ct.images.example) == *wild ]] || fail 'not the certificate for *.images.example'
[[ $(shown "$HARMONY_PORT" -servername clinic.example) == *clinic ]] || fail 'not the default certificate'
[[ $(shown "$HARMONY_PORT" -noservername) == *clinic ]] || fail 'not the default certificate'

say "TLS 1.2 and 1.3 are spoken, or 1.3 only where the configuration says so"
[[ -n $(shown "$HARMONY_PORT" -tls1_2) ]] || fail 'no TLS 1.2'
[[ -n $(shown "$STRICT_PORT" -tls1_3) ]] || fail 'no TLS 1.3'
[[ -z $(shown "$STRICT_PORT" -tls1_2) ]] || fail 'TLS 1.2 on a network that wants 1.3'

say "Without TLS there is only a way to https"
ask "http://127.0.0.1:$PLAIN_PORT/a?b"
expect_status 301
expect_field 'location: https://127.0.0.1/a?b'

say "The certificate is replaced; the next handshake is shown the new one, without a restart"
serial() { openssl s_client -connect "127.0.0.1:$HARMONY_PORT" </dev/null 2>/dev/null | openssl x509 -noout -serial; }
before=$(serial)
bash "$example/certificates.sh" "$work/tls"
replaced() { local now; now=$(serial); [[ -n $now && $now != "$before" ]]; }
eventually replaced || fail 'still the old certificate'
printf '%s became %s\n' "$before" "$(serial)"

say "A replacement that cannot be used is said once, and the old one stays"
after=$(serial)
cp "$work/tls/wild.key" "$work/tls/clinic.key"
eventually grep 2202 "$work/gateway.log" || fail 'not a word about a key that does not fit'
[[ $(serial) == "$after" ]] || fail 'the old certificate is gone'

say "At start, such a key is one clear line"
"$program" check --config "$work/config.toml" | tee "$work/check.log" || true
grep -q 'does not belong to the certificate' "$work/check.log" || fail 'the line is missing'

say "All answers were as expected"
