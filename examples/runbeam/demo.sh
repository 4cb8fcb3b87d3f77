#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

# The stand-in of the cloud, as the repository has built it, or as it builds it now.
for kind in release debug; do
    [[ -z ${stand_program:-} && -x $repository/artifacts/bin/RunbeamStand/$kind/RunbeamStand ]] || continue
    stand_program=$repository/artifacts/bin/RunbeamStand/$kind/RunbeamStand
done
if [[ -z ${stand_program:-} ]]; then
    say "building the stand-in of the cloud; this takes a minute, once"
    dotnet build -c release -v quiet "$repository/tests/RunbeamStand"
    stand_program=$repository/artifacts/bin/RunbeamStand/release/RunbeamStand
fi

use_port HARMONY_PORT MANAGEMENT_PORT STAND_PORT RECORDS_PORT
export HARMONY_STORAGE=$work/storage RUNBEAM_CLOUD_API_BASE_URL=http://127.0.0.1:$STAND_PORT
unset DBUS_SESSION_BUS_ADDRESS RUNBEAM_ENCRYPTION_KEY RUNBEAM_ENCRYPTION_PASSPHRASE RUNBEAM_MACHINE_TOKEN
cp -r "$example/config.toml" "$example/pipelines" "$work"
config=$work/config.toml
gateway=http://127.0.0.1:$HARMONY_PORT
cloud=$RUNBEAM_CLOUD_API_BASE_URL/stand

# harmony ARGUMENTS...: runs the program, prints what it says, and sets `answer` and `status` (its exit code).
harmony() {
    printf '\n$ harmony %s\n' "$(quoted "$@")"
    status=0
    answer=$("$program" "$@" 2>&1) || status=$?
    printf '%s\n' "$answer"
}

at_cloud() { curl -sS --max-time 30 --noproxy '*' "$@"; }

# change TYPE: the cloud wants what stands on standard input.
change() { at_cloud --data-binary @- "$cloud/changes?type=$1" >/dev/null; }

reported() { # reported TEXT: what the cloud was told last
    answer=$(at_cloud "$cloud/changes")
    printf '\nThe cloud was told:\n%s\n' "$answer"
    expect "$1"
}

start_process stand "$STAND_PORT" "$stand_program" "$STAND_PORT"
start gateway "$MANAGEMENT_PORT" "$config"

say "The gateway is nobody's yet"
harmony cloud status --config "$config"
expect 'not authorized'

say "A user of the cloud authorizes it"
at_cloud "$cloud/user-token" >"$work/user.token"
harmony cloud authorize --config "$config" --user-token-file "$work/user.token" --gateway clinic-a
[[ $status == 0 ]] || fail 'not authorized'
[[ $(stat -c %a "$work"/storage/cloud/*/token.age) == 600 ]] || fail 'others can read the token'
if [[ -n $(command -v age) ]]; then
    age -d -i "$(echo "$work"/storage/cloud/*/key)" "$work"/storage/cloud/*/token.age | grep -qF gw-7f3a || fail 'age does not open the file of the token'
fi

say "The configuration goes to the cloud, and the password stays"
harmony cloud push --config "$config"
# shellcheck disable=SC2016
expect '${HARMONY_AUTHENTICATIONS_RECORDS_OPTIONS_PASSWORD} replaces a secret'
answer=$(at_cloud "$cloud/pushed")
expect 'name = "clinic-a"'
expect_not 'only-for-the-example'

say "The cloud wants another pipeline, with two transforms"
at_cloud -X PUT --data '[{"operation":"shift","spec":{"data":{"*":"seen.&"}}}]' "$cloud/transforms/shape" >/dev/null
at_cloud -X PUT --data '[{"operation":"default","spec":{"metadata":{"from":"cloud"}}}]' "$cloud/transforms/meta" >/dev/null
orders() {
    cat <<END
[pipelines.orders]
networks = ["front"]
endpoints = ["orders"]
middleware = ["shape", "meta"]
backends = ["orders"]
[endpoints.orders]
service = "$1"
options.path_prefix = "/orders"
[middleware.shape]
type = "transform"
options.spec_path = "transforms/shape.json"
[middleware.meta]
type = "metadata_transform"
options.spec_path = "transforms/meta.json"
[backends.orders]
service = "echo"
END
}
orders http | change pipeline
harmony cloud pull --config "$config"
[[ $status == 0 ]] || fail 'not applied'
reported 'chg-1 applied'
ask "$gateway/orders/7"
expect_status 200

say "A broken change: the cloud hears where the mistake is, and what ran goes on"
orders htp | change pipeline
harmony cloud pull --config "$config"
[[ $status == 1 ]] || fail 'a broken change was applied'
reported 'pipelines/orders.toml(7,11): error:'
ask "$gateway/orders/7"
expect_status 200

say "A change whose name leads out of the folder"
printf '[pipelines."../../etc/x"]\nnetworks = ["front"]\n' | change pipeline
harmony cloud pull --config "$config"
reported 'chg-3 failed'
[[ ! -e $work/../etc/x ]] || fail 'it was written'

say "A change for a file that was edited here since the push"
sed -i 's|/hello|/greetings|' "$work/pipelines/hello.toml"
harmony reload --config "$config"
sed 's|/hello|/from-the-cloud|' "$example/pipelines/hello.toml" | change pipeline
harmony cloud pull --config "$config"
expect 'conflict'
ask "$gateway/greetings/there"
expect_status 200

say "The cloud is down: the gateway is not"
stop stand
harmony cloud pull --config "$config"
[[ $status == 2 ]] || fail 'it was asked'
ask "$gateway/orders/7"
expect_status 200

say "What the gateway logged: no token"
grep -F 'harmony.cloud' "$work/gateway.log" || fail 'nothing'
! grep -F "$(cat "$work/user.token")" "$work/gateway.log" || fail "the user's token"

say "All answers were as expected"
