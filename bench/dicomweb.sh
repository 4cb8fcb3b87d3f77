#!/usr/bin/env bash
# Measures DICOMweb in front of Orthanc's DIMSE port, beside Orthanc's own DICOMweb and DCMTK's tools, on loopback. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/dicomweb.sh [options]                  (environment variable in brackets)
  --rounds N         rounds, of which the best counts, default 3              [ROUNDS]
  --objects N        CT objects of 512 KB in two series, default 200          [OBJECTS]
  --requests N       searches and frames of each subject, default 2000        [REQUESTS]
  --large N          MiB that pass while memory is watched, default 1024      [LARGE]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --markdown FILE    also write the table to FILE
  --no-build         do not build first
EOF
}

rounds=${ROUNDS:-3} objects=${OBJECTS:-200} requests=${REQUESTS:-2000} large=${LARGE:-1024} markdown='' build=1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
harmony=${HARMONY:-$root/artifacts/bin/Harmony.Gateway/release/harmony}
plugin=/usr/share/orthanc/plugins/libOrthancDicomWeb.so
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps Orthanc

fail() { echo "dicomweb.sh: $*" >&2; exit 2; }

while (($#)); do
    case $1 in
        --rounds | --objects | --requests | --large | --harmony | --markdown) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --objects) objects=$2; shift ;;
        --requests) requests=$2; shift ;;
        --large) large=$2; shift ;;
        --harmony) harmony=$2; shift ;;
        --markdown) markdown=$2; shift ;;
        --no-build) build=0 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
done
for tool in dump2dcm storescu getscu findscu curl h2load Orthanc; do command -v "$tool" >/dev/null || fail "$tool is missing; test.sh installs it"; done
[[ -e $plugin ]] || fail "Orthanc's DICOMweb is missing; on Debian and Ubuntu: sudo apt-get install orthanc-dicomweb"
((build)) && dotnet build -c release -v quiet -nologo "$root/src/Harmony.Gateway"

work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT
export TCP_NODELAY=1 HOME=$work

free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
until_listens() { for ((i = 0; i < 300; i++)); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.1; done; fail "nothing listens on $1"; }
milliseconds() { # milliseconds COMMAND...: how long it takes
    local from to
    from=$(date +%s%N)
    "$@" >/dev/null 2>"$work/errors" || { cat "$work/errors" >&2; fail "$* failed"; }
    to=$(date +%s%N)
    echo $(((to - from) / 1000000))
}
# Subjects take turns, so that what else runs on the machine meets all of them: the median of a subject's ratios to the first one, each within a round, is what to look at.
measure() { # measure NAME FUNCTION [NAME FUNCTION]...: how long each takes, after one warm-up and what `before` does
    local -a names=() commands=()
    while (($#)); do names+=("$1") commands+=("$2"); shift 2; done
    local -A all=()
    local i r took first
    for i in "${!names[@]}"; do ${before:-:}; milliseconds "${commands[i]}" >/dev/null; done
    for ((r = 0; r < rounds; r++)); do
        first=''
        for i in "${!names[@]}"; do
            ${before:-:}
            took=$(milliseconds "${commands[i]}")
            first=${first:-$took}
            all[$i]+="$took $((took * 1000 / (first ? first : 1)))"$'\n'
        done
    done
    for i in "${!names[@]}"; do
        row "${names[i]}" "$(awk 'NF { if (!n++ || $1 < least) least = $1; ratios[n] = $2 } END {
            for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (ratios[j] < ratios[i]) { t = ratios[i]; ratios[i] = ratios[j]; ratios[j] = t }
            printf "%d ms, ratio %.2f", least, ratios[int((n + 1) / 2)] / 1000 }' <<<"${all[$i]}")"
    done
}
rows=()
row() { # row NAME VALUE: a line of the table
    rows+=("| $1 | $2 |")
    printf '%-56s %s\n' "$1" "$2" >&2
}

# :: Objects, archive, gateway

dicom=$(free_port) http=$(free_port) port=$(free_port)
cat >"$work/orthanc.json" <<EOF
{ "StorageDirectory": "$work/db", "IndexDirectory": "$work/db", "DicomAet": "PACS", "DicomPort": $dicom, "HttpPort": $http, "RemoteAccessAllowed": false, "AuthenticationEnabled": false,
  "DicomAlwaysAllowFind": true, "DicomAlwaysAllowGet": true, "DicomCheckModalityHost": false, "Plugins": ["$plugin"], "DicomWeb": { "Enable": true }, "OverwriteInstances": true }
EOF
Orthanc "$work/orthanc.json" >/dev/null 2>&1 & pids+=($!)
mkdir -p "$work/pipelines" "$work/objects"
cat >"$work/config.toml" <<EOF
[proxy]
name = "bench"
primary_provider = "local"
log_level = "error"
[storage.options]
path = "$work/storage"
[network.front.tcp_config]
bind_address = "127.0.0.1"
bind_port = $port
[pipelines.one]
networks = ["front"]
endpoints = ["one"]
middleware = ["serial"]
backends = ["pacs"]
[pipelines.two]
networks = ["front"]
endpoints = ["two"]
middleware = ["parallel"]
backends = ["fresh"]
[pipelines.three]
networks = ["front"]
endpoints = ["three"]
middleware = ["serial"]
backends = ["through"]
[pipelines.cached]
networks = ["front"]
endpoints = ["cached"]
middleware = ["cached"]
backends = ["pacs"]
[pipelines.direct]
networks = ["front"]
endpoints = ["direct"]
backends = ["pacs"]
[endpoints.one]
service = "dicomweb"
options.path_prefix = "/one"
[endpoints.two]
service = "dicomweb"
options.path_prefix = "/two"
[endpoints.three]
service = "dicomweb"
options.path_prefix = "/three"
[endpoints.cached]
service = "dicomweb"
options.path_prefix = "/cached"
[endpoints.direct]
service = "http"
options.path_prefix = "/direct"
[middleware.serial]
type = "dicomweb_bridge"
options.parallel_series = 1
[middleware.parallel]
type = "dicomweb_bridge"
options.parallel_series = 2
[middleware.cached]
type = "dicomweb_bridge"
options.search_cache_secs = 60
[backends.through]
service = "dicom_scu"
connection = { host = "127.0.0.1", port = $dicom, protocol = "dicom" }
options = { aet = "PACS", retrieval_cache_bytes = 1048576, incoming_store_port = $(free_port) }
[backends.pacs]
service = "dicom_scu"
connection = { host = "127.0.0.1", port = $dicom, protocol = "dicom" }
options = { aet = "PACS", retrieval_cache_secs = 1, incoming_store_port = $(free_port) }
[backends.fresh]
service = "dicom_scu"
connection = { host = "127.0.0.1", port = $dicom, protocol = "dicom" }
options = { aet = "PACS", retrieval_cache_secs = 1, incoming_store_port = $(free_port) }
EOF
until_listens "$http"
"$harmony" run --config "$work/config.toml" >"$work/harmony.log" 2>&1 & pids+=($!)
harmony_pid=$!
until_listens "$port"
head -c 524288 /dev/urandom >"$work/pixels"
for ((i = 1; i <= objects; i++)); do
    series=$((1 + i % 2))
    cat >"$work/dump" <<EOF
(0008,0016) UI =CTImageStorage
(0008,0018) UI [1.2.9.$series.$i]
(0008,0020) DA [20240102]
(0008,0060) CS [CT]
(0010,0010) PN [Bench^Anna]
(0010,0020) LO [B-1]
(0020,000d) UI [1.2.9]
(0020,000e) UI [1.2.9.$series]
(0020,0013) IS [$i]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 512
(0028,0011) US 512
(0028,0100) US 16
(0028,0101) US 16
(0028,0102) US 15
(0028,0103) US 0
(7fe0,0010) OW =$work/pixels
EOF
    dump2dcm +te "$work/dump" "$work/objects/$i.dcm"
done

# :: Storing

{
    for file in "$work"/objects/*.dcm; do printf -- '--parts\r\nContent-Type: application/dicom\r\n\r\n'; cat "$file"; printf '\r\n'; done
    printf -- '--parts--'
} >"$work/body"
stow() { curl -sSf --noproxy '*' -o /dev/null -H 'content-type: multipart/related; type="application/dicom"; boundary=parts' -H 'expect:' --data-binary "@$work/body" "$1/studies"; }
own=http://127.0.0.1:$http/dicom-web front=http://127.0.0.1:$port
send() { storescu -aec PACS 127.0.0.1 "$dicom" +sd "$work/objects"; }
stow_bridge() { stow "$front/one"; }
stow_own() { stow "$own"; }
measure 'storescu' send 'STOW-RS through the bridge' stow_bridge "STOW-RS, Orthanc's own" stow_own

# :: Retrieving

mkdir "$work/got"
expired() { rm -rf "$work/got"; mkdir "$work/got"; sleep 2.5; } # what the cache holds is gone then
get() { curl -sSf --noproxy '*' -o /dev/null -w '%{time_starttransfer}' -H 'accept: multipart/related; type="application/dicom"; transfer-syntax=*' "$1/studies/1.2.9"; }
retrieve() { getscu -S -aec PACS -od "$work/got" -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.9 127.0.0.1 "$dicom"; }
get_one() { get "$front/one"; }
get_two() { get "$front/two"; }
get_own() { get "$own"; }
before=expired
measure 'getscu' retrieve 'WADO-RS through the bridge, one association' get_one 'WADO-RS through the bridge, two series at once' get_two "WADO-RS, Orthanc's own" get_own
first_object() { # until getscu has begun the file of the first object
    retrieve >/dev/null 2>&1 &
    local pid=$!
    until [[ -n $(ls -A "$work/got") ]]; do sleep 0.001; done
    date +%s%N >"$work/first"
    wait $pid
}
least_wado='' least_get=''
for ((r = 0; r < rounds; r++)); do
    expired
    took=$(get_one | awk '{ print int($1 * 1000) }')
    [[ -n $least_wado && $least_wado -le $took ]] || least_wado=$took
    expired
    from=$(date +%s%N)
    first_object
    took=$((($(<"$work/first") - from) / 1000000))
    [[ -n $least_get && $least_get -le $took ]] || least_get=$took
done
row 'first byte of WADO-RS, and first object of getscu' "$least_wado ms, $least_get ms"
before=:
get_one >/dev/null
measure 'WADO-RS through the bridge, kept' get_one

# :: Memory

high() { awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$harmony_pid/status"; }
resident() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$harmony_pid/status"; }
grown() { # grown NAME COMMAND: by how much the most that is resident passes what is resident before, while the command runs until enough has passed
    local times=$(((large * 2 + objects - 1) / objects)) base r
    "$2" >/dev/null
    base=$(resident)
    echo 5 >"/proc/$harmony_pid/clear_refs" # the high-water mark begins here
    for ((r = 0; r < times; r++)); do "$2" >/dev/null; done
    row "$1" "$(($(high) - base)) MiB"
}
get_three() { get "$front/three"; }
grown "growth while $large MiB are retrieved, past the cache" get_three
grown "growth while $large MiB are stored" stow_bridge

# :: Searching, frames

rate() { # rate NAME URL [OPTION...]: requests per second, four clients
    local name=$1 url=$2
    shift 2
    h2load --h1 -n "$requests" -c 4 "$@" "$url" >/dev/null # warm-up
    row "$name" "$(h2load --h1 -n "$requests" -c 4 "$@" "$url" | awk '/^finished in/ { rate = $4 } /^status codes:/ { ok = $3 } END { print rate, (ok < '"$requests"' ? "of which only " ok " are 2xx" : "") }')"
}
find='{"00100020":{"vr":"LO","Value":["B-1"]}'
for tag in 00080020 00080030 00080050 00080061 00080090 00081030 00100010 00100030 00100040 0020000D 00200010 00201206 00201208; do find+=",\"$tag\":{}"; done
echo "$find}" >"$work/find.json"
rate 'the same C-FIND through dicom_scu, requests/s' "$front/direct/find" -d "$work/find.json" -H 'content-type: application/json'
rate 'QIDO-RS through the bridge, requests/s' "$front/one/studies?PatientID=B-1"
rate "QIDO-RS, Orthanc's own, requests/s" "$own/studies?PatientID=B-1"
rate 'QIDO-RS, results kept, requests/s' "$front/cached/studies?PatientID=B-1"
frame=studies/1.2.9/series/1.2.9.1/instances/1.2.9.1.2/frames/1
curl -sSf --noproxy '*' -o /dev/null "$front/one/$frame"
rate 'a kept frame of 512 KB, requests/s' "$front/one/$frame"
rate "a frame, Orthanc's own, requests/s" "$own/$frame"
h2load --h1 -n 2500 -c 20 --rps 25 --log-file "$work/times" "$front/one/$frame" >/dev/null
row 'a kept frame at 500 requests/s: p50, p99' "$(awk '{ print $3 }' "$work/times" | sort -n | awk '{ t[NR] = $1 } END { printf "%.1f ms, %.1f ms", t[int(NR / 2)] / 1000, t[int(NR * 0.99)] / 1000 }')"
row 'memory of the gateway at the end' "$(resident) MiB"

table() {
    printf '| %s objects of 512 KB, %s rounds | least time, and median of the ratios to the first of the group; rates |\n|---|---|\n' "$objects" "$rounds"
    printf '%s\n' "${rows[@]}"
}
table
[[ -z $markdown ]] || table >"$markdown"
