#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT MANAGEMENT_PORT
export HARMONY_STORAGE=$work/storage
cp -r "$example/config.toml" "$example/pipelines" "$work"
gateway=http://127.0.0.1:$HARMONY_PORT
admin=http://127.0.0.1:$MANAGEMENT_PORT/admin
start gateway "$MANAGEMENT_PORT" "$work/config.toml"

# harmony ARGUMENTS...: runs the program, prints what it says, and sets `answer` and `status` (its exit code).
harmony() {
    printf '\n$ harmony %s\n' "$(quoted "$@")"
    status=0
    answer=$("$program" "$@" 2>&1) || status=$?
    printf '%s\n' "$answer"
}

say "What runs: everybody on this machine may look"
ask "$admin/info"
expect_status 200
expect '"name":"management"'
ask "$admin/routes"
expect '"path":"/hello"'

say "A page of somebody else's, whose name leads here, may not"
ask "$admin/info" -H 'host: evil.example'
expect_status 403

say "Metrics, where Prometheus looks for them"
ask "$gateway/hello/there"
expect_status 200
ask "http://127.0.0.1:$MANAGEMENT_PORT/metrics"
grep -F 'harmony_requests_total{' <<<"$(curl -sS --noproxy '*' "http://127.0.0.1:$MANAGEMENT_PORT/metrics")" | grep -F 'pipeline="hello"' || fail 'no count of the request'

say "A change needs the token, which the gateway has made for itself"
ask "$admin/reload" -X POST
expect_status 401
token=$(cat "$work"/storage/management/*/token)
[[ $(stat -c %a "$work"/storage/management/*/token) == 600 ]] || fail 'others can read the token'

say "What would change, before it does"
mkdir "$work/next"
cp -r "$example/config.toml" "$example/pipelines" "$work/next"
sed -i 's|"/hello"|"/greetings"|' "$work/next/pipelines/hello.toml"
harmony check --config "$work/next/config.toml" --against "$admin" --token-file "$(echo "$work"/storage/management/*/token)"
expect '+   options.path_prefix = "/greetings"'
expect 'would accept this configuration'

say "The change itself: the file is watched, and 'harmony reload' says what became of it"
cp "$work/next/pipelines/hello.toml" "$work/pipelines/hello.toml"
harmony reload --config "$work/config.toml"
[[ $status == 0 ]] || fail 'not reloaded'
ask "$gateway/greetings/there"
expect_status 200

say "A mistake: what ran before goes on, and the status says where it is"
echo 'nonsense' >>"$work/pipelines/hello.toml"
harmony reload --config "$work/config.toml"
[[ $status == 1 ]] || fail 'a broken file was taken'
ask "$gateway/greetings/there"
expect_status 200
ask "$admin/config/status"
expect '"succeeded":false'

say "Back to the first version"
ask "$admin/config/rollback/1" -X POST -H "authorization: Bearer $token"
expect_status 200
ask "$gateway/hello/there"
expect_status 200

say "Leave: not ready first, then no new connections; the API still answers"
harmony health --config "$work/config.toml"
expect ready
ask "$admin/drain" -X POST -H "authorization: Bearer $token"
expect_status 202
harmony health --config "$work/config.toml"
expect draining
deaf() { ! listens "$HARMONY_PORT"; }
eventually deaf || fail 'it still takes connections'

say "What the gateway logged"
grep -F 'harmony.management' "$work/gateway.log" || fail 'nothing'
! grep -F "$token" "$work/gateway.log" || fail 'the token'

say "All answers were as expected"
