#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

say "A new user: the password is read from standard input, its hash is printed"
printf '%s\n' "$ echo good-morning | harmony hash-password eve"
cp "$example/users" "$work/users"
echo good-morning | "$program" hash-password eve | tee -a "$work/users"
export USERS_FILE=$work/users

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"

say "Without credentials: 401, and what is expected"
ask "$gateway/wards/3"
expect_status 401
expect_field 'www-authenticate: Basic realm="wards", charset="UTF-8"'

say "With a user name and its password. The backend gets to see neither"
ask "$gateway/wards/3" -u ann:only-for-this-demo
expect_status 200
expect '"path":"3"'
expect_not '"authorization"'

say "The new user"
ask "$gateway/wards/3" -u eve:good-morning
expect_status 200

say "A wrong password, and a user who is not there: the same answer, after the same time"
ask "$gateway/wards/3" -u ann:good-morning
expect_status 401
ask "$gateway/wards/3" -u mallory:good-morning
expect_status 401

say "A program shows a token instead"
ask "$gateway/wards/3" -H 'authorization: Bearer only-for-this-demo-4711'
expect_status 200

say "What the gateway logged: no password, no name"
grep 'harmony.auth' "$work/gateway.log"
! grep -E 'good-morning|mallory|only-for-this-demo' "$work/gateway.log" || fail "the log holds credentials"

say "All answers were as expected"
