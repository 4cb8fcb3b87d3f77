#!/usr/bin/env bash
# Measures DICOMweb in front of Orthanc's DIMSE port, beside Orthanc's own DICOMweb and DCMTK's tools, on loopback. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/dicomweb.sh [options]                  (environment variable in brackets)
  --rounds N         rounds, of which the best counts, default 3              [ROUNDS]
  --objects N        CT objects of 512 KB in two series, default 200          [OBJECTS]
  --requests N       searches and frames of each subject, default 2000        [REQUESTS]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --markdown FILE    also write the table to FILE
  --no-build         do not build first
EOF
}

rounds=${ROUNDS:-3} objects=${OBJECTS:-200} requests=${REQUESTS:-2000} markdown='' build=1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
harmony=${HARMONY:-$root/artifacts/bin/Harmony.Gateway/release/harmony}
plugin=/usr/share/orthanc/plugins/libOrthancDicomWeb.so
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps Orthanc

fail() { echo "dicomweb.sh: $*" >&2; exit 2; }

while (($#)); do
    case $1 in
        --rounds | --objects | --requests | --harmony | --markdown) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --objects) objects=$2; shift ;;
        --requests) requests=$2; shift ;;
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
best() { # best NAME COMMAND...: the least of all rounds, after what `before` does
    local name=$1 least='' took
    shift
    for ((r = 0; r < rounds; r++)); do
        ${before:-:}
        took=$(milliseconds "$@")
        [[ -n $least && $least -le $took ]] || least=$took
    done
    took_of[$name]=$least
    printf '%-44s %6s ms\n' "$name" "$least" >&2
}
declare -A took_of=()

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
[endpoints.one]
service = "dicomweb"
options.path_prefix = "/one"
[endpoints.two]
service = "dicomweb"
options.path_prefix = "/two"
[middleware.serial]
type = "dicomweb_bridge"
options.parallel_series = 1
[middleware.parallel]
type = "dicomweb_bridge"
options.parallel_series = 2
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
own=http://127.0.0.1:$http/dicom-web one=http://127.0.0.1:$port/one two=http://127.0.0.1:$port/two
best 'storescu' storescu -aec PACS 127.0.0.1 "$dicom" +sd "$work/objects"
best 'STOW-RS through the bridge' stow "$one"
best "STOW-RS, Orthanc's own" stow "$own"

# :: Retrieving

mkdir "$work/got"
expired() { rm -rf "$work/got"; mkdir "$work/got"; sleep 2.5; } # what the cache holds is gone then
get() { curl -sSf --noproxy '*' -o /dev/null -H 'accept: multipart/related; type="application/dicom"; transfer-syntax=*' "$1/studies/1.2.9"; }
before=expired
best 'getscu' getscu -S -aec PACS -od "$work/got" -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.9 127.0.0.1 "$dicom"
best 'WADO-RS through the bridge, one association' get "$one"
best 'WADO-RS through the bridge, two series at once' get "$two"
best "WADO-RS, Orthanc's own" get "$own"
before=:
get "$one"
best 'WADO-RS through the bridge, kept' get "$one"
memory=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$harmony_pid/status")

# :: Searching, frames

rate() { # rate NAME URL: requests per second, one client
    local line
    line=$(h2load --h1 -n "$requests" -c 4 "$2" | awk '/^finished in/ { print $4 } /^time for request/ { print "max " $5 }' | tr '\n' ' ')
    took_of[$1]=$line
    printf '%-44s %s\n' "$1" "$line" >&2
}
rate 'QIDO-RS through the bridge, requests/s' "$one/studies?PatientID=B-1"
rate "QIDO-RS, Orthanc's own, requests/s" "$own/studies?PatientID=B-1"
curl -sSf --noproxy '*' -o /dev/null "$one/studies/1.2.9/series/1.2.9.1/instances/1.2.9.1.2/frames/1"
rate 'a kept frame of 512 KB, requests/s' "$one/studies/1.2.9/series/1.2.9.1/instances/1.2.9.1.2/frames/1"
rate "a frame, Orthanc's own, requests/s" "$own/studies/1.2.9/series/1.2.9.1/instances/1.2.9.1.2/frames/1"

table() {
    printf '| %s objects of 512 KB | best of %s |\n|---|---|\n' "$objects" "$rounds"
    local name
    for name in storescu 'STOW-RS through the bridge' "STOW-RS, Orthanc's own" getscu 'WADO-RS through the bridge, one association' 'WADO-RS through the bridge, two series at once' \
        "WADO-RS, Orthanc's own" 'WADO-RS through the bridge, kept'; do printf '| %s | %s ms |\n' "$name" "${took_of[$name]}"; done
    for name in 'QIDO-RS through the bridge, requests/s' "QIDO-RS, Orthanc's own, requests/s" 'a kept frame of 512 KB, requests/s' "a frame, Orthanc's own, requests/s"; do printf '| %s | %s |\n' "$name" "${took_of[$name]}"; done
    printf '| memory of the gateway at the end | %s MiB |\n' "$memory"
}
table
[[ -z $markdown ]] || table >"$markdown"
