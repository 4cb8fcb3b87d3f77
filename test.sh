#!/usr/bin/env bash
# Builds and tests everything. The last line is "N passed, N failed"; the exit code is not 0 if anything failed.
#   ./test.sh            everything
#   ./test.sh --fast     without tests of the category Slow
# Runs from any working directory and leaves no processes behind.
set -uo pipefail

# Programs that tests talk to, and their packages on Debian and Ubuntu.
peers=(nginx:nginx-light wrk:wrk h2load:nghttp2-client curl:curl openssl:openssl dcm2json:dcmtk Orthanc:orthanc /usr/share/orthanc/plugins/libOrthancDicomWeb.so:orthanc-dicomweb node:nodejs npm:npm chromium:chromium
    gdcmconv:libgdcm-tools opj_compress:libopenjp2-tools age:age age-keygen:age script:bsdutils promtool:prometheus unzip:unzip)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
results=$root/artifacts/test-results
filter=() passed=0 failed=0 skipped=0
cd "$root" || exit 1

for argument in "$@"; do
    case $argument in
        --fast) filter=(--filter 'Category!=Slow') ;;
        -h | --help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) echo "test.sh: unknown option $argument; there is --fast" >&2; exit 2 ;;
    esac
done

# Build servers would outlive this script.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx

# Tests clean up after themselves; the tools that run them leave folders behind.
TMPDIR=$(mktemp -d) && export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

section() { printf '\n== %s\n' "$*"; }

missing_packages() {
    local peer
    for peer in "${peers[@]}"; do
        [[ -e ${peer%%:*} ]] || command -v "${peer%%:*}" >/dev/null || echo "${peer#*:}"
    done
}

install_peers() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    [[ -n ${missing// /} ]] || return 0
    if [[ $(id -u) == 0 ]] && grep -qiE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release 2>/dev/null; then
        section "installing $missing"
        # Only the programs are wanted: no server is to be started for having been installed.
        local policy=/usr/sbin/policy-rc.d made=0
        [[ -e $policy ]] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1; }
        # shellcheck disable=SC2086
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
        ((made == 0)) || rm -f "$policy"
        missing=$(missing_packages | tr '\n' ' ')
        [[ -n ${missing// /} ]] || return 0
    fi
    echo "missing: tests that need them are skipped; install them with: sudo apt-get install $missing"
}

# Packages of npm that tests use as clients.
install_npm_packages() {
    command -v npm >/dev/null || return 0
    cmp -s tests/npm/package-lock.json tests/npm/node_modules/.installed && return 0
    section "npm packages"
    npm ci --prefix tests/npm --ignore-scripts --no-audit --no-fund && cp tests/npm/package-lock.json tests/npm/node_modules/.installed
}

finish() {
    ((skipped == 0)) || echo "$skipped skipped"
    echo "$passed passed, $failed failed"
    ((failed == 0))
    exit
}

step() { # step WHAT COMMAND...: a command that has to succeed for anything else to make sense
    section "$1"
    shift
    "$@" && return
    failed=$((failed + 1))
    finish
}

counter() { # counter FILE NAME: one of the sums in a result file of the tests
    grep -oE "<Counters [^>]*" "$1" | grep -oE " $2=\"[0-9]+\"" | grep -oE '[0-9]+'
}

run_tests() { # run_tests PROJECT
    local name file=$results/$1.trx code sum ok bad total
    name=$1
    rm -f "$file"
    # A test that hangs is named after four minutes without news, and the run goes on with the next project.
    timeout --kill-after=30 900 dotnet test "tests/$name/$name.csproj" -c release --no-build --nologo -v quiet \
        --blame-hang-timeout 4m --blame-hang-dump-type none --results-directory "$results" --logger "trx;LogFileName=$file" --logger "console;verbosity=minimal" "${filter[@]}"
    code=$?
    if [[ ! -s $file ]]; then
        # A project without a test that the filter lets through writes no file; anything else has broken off.
        ((code == 0)) || { failed=$((failed + 1)); summary+=("$name: broke off with exit code $code"); }
        return
    fi
    total=$(counter "$file" total) ok=$(counter "$file" passed) bad=$((total - ok - $(counter "$file" notExecuted)))
    ((code == 0 || bad > 0)) || bad=1 # all tests passed and the run did not: it crashed at its end
    sum="$ok passed, $bad failed"
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
    summary+=("$name: $sum")
}

mkdir -p "$results"
install_peers
install_npm_packages
step "restore" dotnet restore Harmony.slnx -v quiet
step "build" dotnet build Harmony.slnx -c release --no-restore -v quiet

summary=()
section "format"
if dotnet format whitespace . --folder --verify-no-changes --exclude artifacts; then
    passed=$((passed + 1)) summary+=("format: nothing to change")
else
    failed=$((failed + 1)) summary+=("format: mend it with dotnet format whitespace . --folder")
fi

for project in tests/*.Tests; do
    section "$(basename "$project")"
    run_tests "$(basename "$project")"
done

section "allocations"
if dotnet run -c release --no-build --project bench/Harmony.Benchmarks -- --allocations; then
    passed=$((passed + 1)) summary+=("allocations: within their budgets")
else
    failed=$((failed + 1)) summary+=("allocations: see above")
fi

section "idle memory"
if dotnet run -c release --no-build --project bench/Harmony.Benchmarks -- --idle; then
    passed=$((passed + 1)) summary+=("idle memory: within its budgets")
else
    failed=$((failed + 1)) summary+=("idle memory: see above")
fi

section "sums"
printf '%s\n' "${summary[@]}"
finish
