#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT

say "Building the plug-in against the program that will load it"
printf '\n$ dotnet build -c release -p:HarmonyFolder=%s\n' "$(dirname "$program")"
dotnet build "$example" -c release -v quiet -p:HarmonyFolder="$(dirname "$program")" >"$work/build.log" 2>&1 || {
    cat "$work/build.log" >&2
    fail "the plug-in was not built"
}

start gateway "$HARMONY_PORT" "$example/config.toml"

say "The middleware adds a member to the body, and a field to the answer"
ask "$gateway/stamped/orders" -H 'content-type: application/json' -d '{"order":7}'
expect_status 200
expect '"order":7'
expect '"stamp":"seen by us"'
expect_field 'x-stamp: seen by us'

say "Its options are checked like all others; a plug-in that cannot be used is one error that says where"
mkdir -p "$work/broken/pipelines"
sed 's|plugins/CustomMiddleware.dll|plugins/Missing.dll|' "$example/config.toml" >"$work/broken/config.toml"
cp "$example"/pipelines/*.toml "$work/broken/pipelines/"
printf '\n$ harmony check --config config.toml\n'
answer=$("$program" check --config "$work/broken/config.toml" || true)
printf '%s\n' "$answer"
expect "the plug-in 'plugins/Missing.dll' is not there"

say "All answers were as expected"
