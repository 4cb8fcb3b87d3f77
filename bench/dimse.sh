#!/usr/bin/env bash
# Measures C-STORE into Harmony on loopback, beside DCMTK's storescp and Orthanc. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/dimse.sh [options]                     (environment variable in brackets)
  --rounds N         rounds, each measuring every subject once, default 5     [ROUNDS]
  --warmup N         times that each subject gets all CT objects first, default 4 [WARMUP]
  --objects N        CT objects of 512 KB per round, default 200              [OBJECTS]
  --small N          objects of 39 KB per round, default 30                   [SMALL]
  --large N          MiB of the one large object, default 256; 0: none        [LARGE]
  --subjects "..."   of: storescp orthanc library harmony                     [SUBJECTS]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --check            fail unless the targets are met
  --markdown FILE    also write the tables to FILE
  --no-build         do not build first
EOF
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${ROUNDS:-5} warmup=${WARMUP:-4} objects=${OBJECTS:-200} small=${SMALL:-30} large=${LARGE:-256}
subjects=${SUBJECTS:-storescp orthanc library harmony}
library=$root/artifacts/bin/StoreServer/release/StoreServer
read_options "rounds warmup objects small large subjects harmony markdown" "$@"
whole "$rounds" "$warmup" "$objects" "$small"
[[ $large =~ ^[0-9]+$ ]] || fail "'$large' is not a whole number"
subjects=${subjects//,/ }
for subject in $subjects; do
    [[ " storescp orthanc library harmony " == *" $subject "* ]] || fail "unknown subject '$subject'"
done
needs storescu dcmtk
if [[ " $subjects " == *" orthanc "* ]] && ! have Orthanc; then
    say "Orthanc is missing and left out; on Debian and Ubuntu: sudo apt-get install orthanc"
    subjects=" $subjects "; subjects=${subjects/ orthanc / }
fi

# :: Processes and files: in memory, so that no disk is measured

work_in -p /dev/shm
declare -A port=()

# start NAME COMMAND...: waits until NAME answers C-ECHO.
start() {
    local name=$1
    shift
    run "$name" env -C "$work/$name" "$@"
    for _ in {1..100}; do
        kill -0 "${pid[$name]}" 2>/dev/null || break
        TCP_NODELAY=1 echoscu -to 2 -aec HARMONY 127.0.0.1 "${port[$name]}" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    say "$name does not answer C-ECHO; its last words:"
    tail -n 20 "$work/$name.log" >&2
    end "$name"
    return 1
}

start_subject() {
    mkdir -p "$work/$1/out"
    case $1 in
        storescp) start storescp env TCP_NODELAY=1 storescp +xa -od "$work/storescp/out" "${port[storescp]}" ;;
        orthanc)
            pick_port 'port[http]'
            cat >"$work/orthanc.json" <<EOF
{ "Name": "bench", "StorageDirectory": "$work/orthanc/out", "IndexDirectory": "$work/orthanc/out", "DicomAet": "HARMONY", "DicomPort": ${port[orthanc]},
  "HttpPort": ${port[http]}, "RemoteAccessAllowed": false, "StorageCompression": false, "OverwriteInstances": true, "Plugins": [] }
EOF
            start orthanc env TCP_NODELAY=1 Orthanc "$work/orthanc.json"
            ;;
        library) start library "$library" serve "127.0.0.1:${port[library]}" "$work/library/out" ;;
        harmony) start harmony env HARMONY_PORT="${port[harmony]}" BENCH_FOLDER="$work/harmony/out" "$harmony" run --config "$here/dimse/harmony/config.toml" ;;
    esac
}

build bench/StoreServer src/Harmony.Gateway

# :: Measuring

# send SUBJECT WORKLOAD FOLDER ENVIRONMENT...: adds "workload subject seconds objects" to the results.
send() {
    local subject=$1 workload=$2 folder=$3 from until count
    shift 3
    count=$(find "$folder" -name '*.dcm' | wc -l)
    from=$(date +%s%N)
    env "$@" storescu -R -aec HARMONY 127.0.0.1 "${port[$subject]}" "$folder"/*.dcm >"$work/storescu.log" 2>&1 || { tail -n 5 "$work/storescu.log" >&2; say "storescu to $subject failed: $workload"; return 1; }
    until=$(date +%s%N)
    echo "$workload $subject $(((until - from) / 1000)) $count" >>"$work/results"
    find "$work/$subject/out" -type f ! -name 'index*' -delete
}

for subject in $subjects; do pick_port "port[$subject]"; done
running=()
for subject in $subjects; do
    if start_subject "$subject"; then running+=("$subject"); else say "left out: $subject"; fi
done
((${#running[@]})) || fail "nothing to measure"

say "making objects"
"$library" make "$work/ct" "$objects" 524288
"$library" make "$work/small" "$small" 39000
say "warming up: ${running[*]}"
for subject in "${running[@]}"; do
    for ((round = 1; round <= warmup; round++)); do send "$subject" warmup "$work/ct" TCP_NODELAY=1 || fail "nothing can be stored in $subject"; done
done
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds"
    for subject in "${running[@]}"; do
        send "$subject" ct "$work/ct" TCP_NODELAY=1
        send "$subject" small "$work/small" -u TCP_NODELAY
    done
done
if ((large)); then
    "$library" make "$work/large" 1 $((large * 1024 * 1024))
    for subject in "${running[@]}"; do
        before=$(memory_kb "$subject" VmRSS)
        memory_from_now "$subject"
        send "$subject" large "$work/large" TCP_NODELAY=1 || continue
        echo "growth $subject $(($(memory_kb "$subject" VmHWM) - before)) 1" >>"$work/results"
    done
fi

# :: Report

status=0
report=$(awk -v check="$check" -v subjects="${running[*]}" -v large="$large" -f "$here/dimse/report.awk" "$work/results") || status=1
settings="Medians of $rounds rounds: $objects CT objects of 512 KB with TCP_NODELAY=1, $small objects of 39 KB with Nagle's algorithm on, one object of $large MiB; storescu of $(storescu --version 2>&1 | sed -n 's/.*\(dcmtk\): storescu v\([^ ]*\).*/\1 \2/p' | head -n 1), one association, files in memory, $(nproc) cores."
printf '\n%s\n\n%s\n' "$report" "$settings"
if [[ -n $markdown ]]; then
    mkdir -p "$(dirname "$markdown")"
    printf '# DIMSE benchmark, %s\n\n%s\n\n%s\n' "$(date -u +%F)" "$settings" "$report" >"$markdown"
fi
((!check || !status)) || say "The targets are not met."
exit "$status"
