#!/usr/bin/env bash
# Measures C-STORE into Harmony on loopback, beside DCMTK's storescp and Orthanc. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/dimse.sh [options]                     (environment variable in brackets)
  --rounds N         rounds, each measuring every subject once, default 5     [ROUNDS]
  --warmup N         times that each subject gets all CT objects first, default 8 [WARMUP]
  --objects N        CT objects of 512 KB per round, default 200              [OBJECTS]
  --small N          objects of 39 KB per round, default 100                  [SMALL]
  --large N          MiB of the one large object, default 1024; 0: none       [LARGE]
  --subjects "..."   of: storescp orthanc library harmony                     [SUBJECTS]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --check            fail unless the targets are met
  --markdown FILE    also write the tables to FILE
  --no-build         do not build first
EOF
}

rounds=${ROUNDS:-5} warmup=${WARMUP:-8} objects=${OBJECTS:-200} small=${SMALL:-100} large=${LARGE:-1024}
subjects=${SUBJECTS:-storescp orthanc library harmony} check=0 markdown='' build=1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
harmony=${HARMONY:-$root/artifacts/bin/Harmony.Gateway/release/harmony}
library=$root/artifacts/bin/StoreServer/release/StoreServer

fail() { echo "dimse.sh: $*" >&2; exit 2; }
say() { echo "$*" >&2; }

while (($#)); do
    case $1 in
        --rounds | --warmup | --objects | --small | --large | --subjects | --harmony | --markdown) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --warmup) warmup=$2; shift ;;
        --objects) objects=$2; shift ;;
        --small) small=$2; shift ;;
        --large) large=$2; shift ;;
        --subjects) subjects=${2//,/ }; shift ;;
        --harmony) harmony=$2; shift ;;
        --markdown) markdown=$2; shift ;;
        --check) check=1 ;;
        --no-build) build=0 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
done
for number in "$rounds" "$warmup" "$objects" "$small"; do [[ $number =~ ^[1-9][0-9]*$ ]] || fail "'$number' is not a positive whole number"; done
[[ $large =~ ^[0-9]+$ ]] || fail "'$large' is not a whole number"
for subject in $subjects; do
    [[ " storescp orthanc library harmony " == *" $subject "* ]] || fail "unknown subject '$subject'"
done

# :: Tools

have() { command -v "$1" >/dev/null; }
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps Orthanc
have storescu || fail "storescu is missing; on Debian and Ubuntu: sudo apt-get install dcmtk"
if [[ " $subjects " == *" orthanc "* ]] && ! have Orthanc; then
    say "Orthanc is missing and left out; on Debian and Ubuntu: sudo apt-get install orthanc"
    subjects=" $subjects "; subjects=${subjects/ orthanc / }
fi

# :: Processes and files: in memory, so that no disk is measured; every process is a child and ended by its own id

tmp=$(mktemp -d -p /dev/shm)
declare -A pid=() port=()

cleanup() {
    local name
    trap '' INT TERM
    for name in "${!pid[@]}"; do kill "${pid[$name]}" 2>/dev/null || true; done
    for name in "${!pid[@]}"; do wait "${pid[$name]}" 2>/dev/null || true; done
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

pick_port() {
    local candidate
    while :; do
        candidate=$((20000 + RANDOM % 12000))
        [[ " ${port[*]} " != *" $candidate "* ]] && ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null && break
    done
    port[$1]=$candidate
}

# start NAME COMMAND...: waits until NAME answers C-ECHO.
start() {
    local name=$1
    shift
    (cd "$tmp/$name" && exec "$@") </dev/null >"$tmp/$name.log" 2>&1 &
    pid[$name]=$!
    for _ in {1..100}; do
        kill -0 "${pid[$name]}" 2>/dev/null || break
        TCP_NODELAY=1 echoscu -to 2 -aec HARMONY 127.0.0.1 "${port[$name]}" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    say "$name does not answer C-ECHO; its last words:"
    tail -n 20 "$tmp/$name.log" >&2
    kill "${pid[$name]}" 2>/dev/null || true
    return 1
}

start_subject() {
    mkdir -p "$tmp/$1/out"
    case $1 in
        storescp) start storescp env TCP_NODELAY=1 storescp +xa -od "$tmp/storescp/out" "${port[storescp]}" ;;
        orthanc)
            pick_port http
            cat >"$tmp/orthanc.json" <<EOF
{ "Name": "bench", "StorageDirectory": "$tmp/orthanc/out", "IndexDirectory": "$tmp/orthanc/out", "DicomAet": "HARMONY", "DicomPort": ${port[orthanc]},
  "HttpPort": ${port[http]}, "RemoteAccessAllowed": false, "StorageCompression": false, "OverwriteInstances": true, "Plugins": [] }
EOF
            start orthanc env TCP_NODELAY=1 Orthanc "$tmp/orthanc.json"
            ;;
        library) start library "$library" serve "127.0.0.1:${port[library]}" "$tmp/library/out" ;;
        harmony) start harmony env HARMONY_PORT="${port[harmony]}" BENCH_FOLDER="$tmp/harmony/out" "$harmony" run --config "$here/dimse/harmony/config.toml" ;;
    esac
}

if ((build)); then
    for project in bench/StoreServer src/Harmony.Gateway; do
        say "building $project"
        dotnet build --disable-build-servers -c release -v quiet "$root/$project" >"$tmp/build.log" 2>&1 || { grep error "$tmp/build.log" | sort -u >&2; fail "$project does not build"; }
    done
fi

# :: Measuring

memory_kb() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/${pid[$1]}/status"; }

# send SUBJECT WORKLOAD FOLDER ENVIRONMENT...: adds "workload subject seconds objects" to the results.
send() {
    local subject=$1 workload=$2 folder=$3 from until count
    shift 3
    count=$(find "$folder" -name '*.dcm' | wc -l)
    from=$(date +%s%N)
    env "$@" storescu -R -aec HARMONY 127.0.0.1 "${port[$subject]}" "$folder"/*.dcm >"$tmp/storescu.log" 2>&1 || { tail -n 5 "$tmp/storescu.log" >&2; say "storescu to $subject failed: $workload"; return 1; }
    until=$(date +%s%N)
    echo "$workload $subject $(((until - from) / 1000)) $count" >>"$tmp/results"
    find "$tmp/$subject/out" -type f ! -name 'index*' -delete
}

for subject in $subjects; do pick_port "$subject"; done
running=()
for subject in $subjects; do
    if start_subject "$subject"; then running+=("$subject"); else say "left out: $subject"; fi
done
((${#running[@]})) || fail "nothing to measure"

say "making objects"
"$library" make "$tmp/ct" "$objects" 524288
"$library" make "$tmp/small" "$small" 39000
say "warming up: ${running[*]}"
for subject in "${running[@]}"; do
    for ((round = 1; round <= warmup; round++)); do send "$subject" warmup "$tmp/ct" TCP_NODELAY=1 || fail "nothing can be stored in $subject"; done
done
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds"
    for subject in "${running[@]}"; do
        send "$subject" ct "$tmp/ct" TCP_NODELAY=1
        send "$subject" small "$tmp/small" -u TCP_NODELAY
    done
done
if ((large)); then
    "$library" make "$tmp/large" 1 $((large * 1024 * 1024))
    for subject in "${running[@]}"; do
        before=$(memory_kb "$subject" VmRSS)
        echo 5 >"/proc/${pid[$subject]}/clear_refs" 2>/dev/null || true # the highest memory is counted from now on
        send "$subject" large "$tmp/large" TCP_NODELAY=1 || continue
        echo "growth $subject $(($(memory_kb "$subject" VmHWM) - before)) 1" >>"$tmp/results"
    done
fi

# :: Report

status=0
report=$(awk -v check="$check" -v subjects="${running[*]}" -v large="$large" -f "$here/dimse/report.awk" "$tmp/results") || status=1
settings="Medians of $rounds rounds: $objects CT objects of 512 KB with TCP_NODELAY=1, $small objects of 39 KB with Nagle's algorithm on, one object of $large MiB; storescu of $(storescu --version 2>&1 | sed -n 's/.*\(dcmtk\): storescu v\([^ ]*\).*/\1 \2/p' | head -n 1), one association, files in memory, $(nproc) cores."
printf '\n%s\n\n%s\n' "$report" "$settings"
if [[ -n $markdown ]]; then
    mkdir -p "$(dirname "$markdown")"
    printf '# DIMSE benchmark, %s\n\n%s\n\n%s\n' "$(date -u +%F)" "$settings" "$report" >"$markdown"
fi
((!check || !status)) || say "The targets are not met."
exit "$status"
