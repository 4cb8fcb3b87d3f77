#!/usr/bin/env bash
# certificates.sh FOLDER: makes two authorities, a server and some clients with openssl, valid for 90 days.
set -euo pipefail
mkdir -p "$1" && cd "$1"

authority() { # authority NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" 2>/dev/null
}

issue() { # issue NAME AUTHORITY PURPOSE SUBJECT
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "$4" 2>/dev/null |
        openssl x509 -req -days 90 -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -out "$1.pem" \
            -extfile <(printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=%s\n' "$3") 2>/dev/null
}

authority server-ca
authority clients-ca
authority other-ca
issue server server-ca serverAuth /CN=localhost
issue ct-1 clients-ca clientAuth '/O=Radiology/CN=ct-1'
issue stranger other-ca clientAuth '/O=Radiology/CN=ct-1'
issue not-a-client clients-ca serverAuth '/O=Radiology/CN=ct-1'
