#!/usr/bin/env bash
# certificates.sh FOLDER: makes an authority and the certificates of this example with openssl, valid for 90 days.
set -euo pipefail
mkdir -p "$1" && cd "$1"

# issue NAME SUBJECT-ALTERNATIVE-NAMES KEY-OPTIONS...
issue() {
    local name=$1 names=$2
    shift 2
    openssl genpkey "$@" -out "$name.key" 2>/dev/null
    openssl req -new -key "$name.key" -subj "/CN=$name" |
        openssl x509 -req -days 90 -CA ca.pem -CAkey ca.key -CAcreateserial -out "$name.pem" \
            -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names") 2>/dev/null
}

[[ -f ca.pem ]] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj '/CN=demo authority' \
    -keyout ca.key -out ca.pem 2>/dev/null
issue clinic DNS:localhost,IP:127.0.0.1,DNS:clinic.example -algorithm EC -pkeyopt ec_paramgen_curve:P-256
issue wild 'DNS:*.images.example' -algorithm RSA -pkeyopt rsa_keygen_bits:2048
