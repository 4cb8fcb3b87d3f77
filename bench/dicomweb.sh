#!/usr/bin/env bash
# Measures DICOMweb in front of Orthanc's DIMSE port, beside Orthanc's own DICOMweb and DCMTK's tools, on loopback. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/dicomweb.sh [options]                  (environment variable in brackets)
  --rounds N         rounds, of which the best counts, default 3              [ROUNDS]
  --objects N        CT objects of 512 KB in two series, default 200          [OBJECTS]
  --requests N       searches, frames, thumbnails of each subject, default 2000 [REQUESTS]
  --large N          MiB that pass while memory is watched, default 1024      [LARGE]
  --parts "..."      of: store retrieve memory search frames thumbnails; and, where it is named, series: one of three times --large [PARTS]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --markdown FILE    also write the table to FILE
  --no-build         do not build first
EOF
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${ROUNDS:-3} objects=${OBJECTS:-200} requests=${REQUESTS:-2000} large=${LARGE:-1024} parts=${PARTS:-store retrieve memory search frames thumbnails}
plugin=/usr/share/orthanc/plugins/libOrthancDicomWeb.so
read_options "rounds objects requests large parts harmony markdown" "$@"
whole "$rounds" "$objects" "$requests" "$large"
needs dump2dcm dcmtk
needs curl
needs h2load nghttp2-client
needs Orthanc orthanc
[[ -e $plugin ]] || fail "Orthanc's DICOMweb is missing; on Debian and Ubuntu: sudo apt-get install orthanc-dicomweb"
work_in
build src/Harmony.Gateway
export TCP_NODELAY=1 HOME=$work

wanted() { [[ " $parts " == *" $1 "* ]]; }
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
# :: Objects, archive, gateway

pick_port dicom http port incoming1 incoming2 incoming3 incoming4
cat >"$work/orthanc.json" <<EOF
{ "StorageDirectory": "$work/db", "IndexDirectory": "$work/db", "DicomAet": "PACS", "DicomPort": $dicom, "HttpPort": $http, "RemoteAccessAllowed": false, "AuthenticationEnabled": false,
  "DicomAlwaysAllowFind": true, "DicomAlwaysAllowGet": true, "DicomCheckModalityHost": false, "Plugins": ["$plugin"], "DicomWeb": { "Enable": true }, "OverwriteInstances": true }
EOF
run orthanc Orthanc "$work/orthanc.json"
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
[pipelines.kept]
networks = ["front"]
endpoints = ["kept"]
middleware = ["serial"]
backends = ["keeps"]
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
[endpoints.kept]
service = "dicomweb"
options.path_prefix = "/kept"
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
options = { aet = "PACS", retrieval_cache_bytes = 1048576, incoming_store_port = $incoming1 }
[backends.pacs]
service = "dicom_scu"
connection = { host = "127.0.0.1", port = $dicom, protocol = "dicom" }
options = { aet = "PACS", retrieval_cache_secs = 1, incoming_store_port = $incoming2 }
[backends.keeps]
service = "dicom_scu"
connection = { host = "127.0.0.1", port = $dicom, protocol = "dicom" }
options = { aet = "PACS", retrieval_cache_secs = 3600, incoming_store_port = $incoming4 }
[backends.fresh]
service = "dicom_scu"
connection = { host = "127.0.0.1", port = $dicom, protocol = "dicom" }
options = { aet = "PACS", retrieval_cache_secs = 1, incoming_store_port = $incoming3 }
EOF
until_listens "$http" orthanc
run harmony "$harmony" run --config "$work/config.toml"
until_listens "$port" harmony
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

own=http://127.0.0.1:$http/dicom-web front=http://127.0.0.1:$port
web() { curl -sSf --noproxy '*' -o /dev/null "$@"; }
send() { storescu -aec PACS 127.0.0.1 "$dicom" +sd "$work/objects"; }
{
    for file in "$work"/objects/*.dcm; do printf -- '--parts\r\nContent-Type: application/dicom\r\n\r\n'; cat "$file"; printf '\r\n'; done
    printf -- '--parts--'
} >"$work/body"
stow() { web -H 'content-type: multipart/related; type="application/dicom"; boundary=parts' -H 'expect:' --data-binary "@$work/body" "$1/studies"; }
stow_bridge() { stow "$front/one"; }
stow_own() { stow "$own"; }
get() { web -w '%{time_starttransfer}' -H 'accept: multipart/related; type="application/dicom"; transfer-syntax=*' "$1/studies/1.2.9"; }
get_one() { get "$front/one"; }
get_two() { get "$front/two"; }
get_three() { get "$front/three"; }
get_own() { get "$own"; }
get_kept() { get "$front/kept"; }
resident() { echo $(($(memory_kb harmony VmRSS) / 1024)); }
send

# :: Storing

if wanted store; then measure 'storescu' send 'STOW-RS through the bridge' stow_bridge "STOW-RS, Orthanc's own" stow_own; fi

# :: Retrieving

if wanted retrieve; then
    mkdir "$work/got"
    expired() { rm -rf "$work/got"; mkdir "$work/got"; sleep 2.5; } # what the cache holds is gone then
    retrieve() { getscu -S -aec PACS -od "$work/got" -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.9 127.0.0.1 "$dicom"; }
    before=expired
    measure 'getscu' retrieve 'WADO-RS through the bridge, one association' get_one 'WADO-RS through the bridge, two series at once' get_two \
        "WADO-RS, Orthanc's own" get_own
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
    get_kept >/dev/null
    measure 'WADO-RS through the bridge, kept' get_kept
fi

# :: Memory

if wanted memory; then
    grown() { # grown NAME COMMAND: by how much the most that is resident passes what is resident before, while the command runs until enough has passed
        local times=$(((large * 2 + objects - 1) / objects)) base r
        "$2" >/dev/null
        base=$(resident)
        memory_from_now harmony
        for ((r = 0; r < times; r++)); do "$2" >/dev/null; done
        row "$1" "$(($(memory_kb harmony VmHWM) / 1024 - base)) MiB"
    }
    grown "growth while $large MiB are retrieved, past the cache" get_three
    grown "growth while $large MiB are stored" stow_bridge
fi

# :: Searching

load() { # load OPTION...: sets `figures` to requests/s, and what failed of them
    figures=$(h2load --h1 -n "$requests" -c 4 "$@" | awk -v wanted="$requests" '/^finished in/ { rate = $4 } /^status codes:/ { ok = $3 }
        END { print rate, (ok < wanted ? "of which only " ok " are 2xx" : "") }')
}
rate() { # rate NAME OPTION...: requests per second, four clients
    local name=$1
    shift
    load "$@" # warm-up
    load "$@"
    row "$name, requests/s" "$figures"
}
if wanted search; then
    find='{"00100020":{"vr":"LO","Value":["B-1"]}'
    for tag in 00080020 00080030 00080050 00080061 00080090 00081030 00100010 00100030 00100040 0020000D 00200010 00201206 00201208; do find+=",\"$tag\":{}"; done
    echo "$find}" >"$work/find.json"
    rate 'the same C-FIND through dicom_scu' -d "$work/find.json" -H 'content-type: application/json' "$front/direct/find"
    rate 'QIDO-RS through the bridge' "$front/one/studies?PatientID=B-1"
    rate "QIDO-RS, Orthanc's own" "$own/studies?PatientID=B-1"
    rate 'QIDO-RS, results kept' "$front/cached/studies?PatientID=B-1"
fi

# :: Frames and thumbnails of a series that is kept

series=studies/1.2.9/series/1.2.9.1/instances
frame=$series/1.2.9.1.2/frames/1
if wanted frames; then
    web "$front/kept/$frame"
    rate 'a kept frame of 512 KB' "$front/kept/$frame"
    rate "a frame, Orthanc's own" "$own/$frame"
    # Twenty clients begin one after another, so that their requests do not come in bursts of twenty.
    steady() { # steady NAME URL: 500 requests/s
        h2load --h1 -n 2500 -c 20 -r 1 --rate-period 2ms --rps 25 --log-file "$work/times" "$2" >/dev/null
        row "$1 at 500 requests/s: p50, p99" "$(awk '{ print $3 }' "$work/times" | sort -n |
            awk '{ t[NR] = $1 } END { printf "%.1f ms, %.1f ms", t[int(NR / 2)] / 1000, t[int(NR * 0.99)] / 1000 }')"
        rm "$work/times"
    }
    used=$(cpu_ticks harmony)
    steady 'a kept frame' "$front/kept/$frame"
    row 'the same: processor time of a request' "$((($(cpu_ticks harmony) - used) * 1000000 / $(getconf CLK_TCK) / 2500)) µs"
    steady 'a refusal (404), which costs next to nothing,' "$front/kept/none"
fi
if wanted thumbnails; then
    web "$front/kept/$frame"
    urls() { for ((i = 2; i <= objects; i += 2)); do echo "$1/$series/1.2.9.1.$i/$2"; done; } # the even ones are of the first series
    urls "$front/kept" thumbnail >"$work/thumbnails"
    urls "$own" 'rendered?viewport=128,128' >"$work/rendered"
    rate 'thumbnails of a kept series' -H 'accept: image/jpeg' -i "$work/thumbnails"
    rate "thumbnails, Orthanc's own (rendered, 128 x 128)" -H 'accept: image/jpeg' -i "$work/rendered"
fi
# :: One large series

if wanted series; then
    count=$(((large * 3 + 127) / 128))
    truncate -s 128M "$work/pixels" # 8192 x 8192, all black, on no disk
    for ((i = 1; i <= count; i++)); do
        sed -e "s/1\.2\.9/1.2.8/g; /(0020,0013)/s/\[.*\]/[$i]/; /(0008,0018)/s/\[.*\]/[1.2.8.1.$i]/; /(0020,000e)/s/\[.*\]/[1.2.8.1]/; s/ 512\$/ 8192/" \
            "$work/dump" >"$work/dump-large"
        dump2dcm +te "$work/dump-large" "$work/large.dcm"
        storescu -aec PACS 127.0.0.1 "$dicom" "$work/large.dcm"
        rm "$work/large.dcm"
    done
    get_series() { web -w '%{size_download}' -H 'accept: multipart/related; type="application/dicom"; transfer-syntax=*' "$front/three/studies/1.2.8/series/1.2.8.1"; }
    web "$front/three/$frame"
    base=$(resident)
    memory_from_now harmony
    from=$(date +%s%N)
    got=$(get_series)
    took=$((($(date +%s%N) - from) / 1000000))
    ((got > count * 128 * 1048576)) || fail "$got bytes of a series of $count objects of 128 MiB"
    row "one series of $((count * 128)) MiB, past the cache: time, rate" "$took ms, $((got / 1048576 * 1000 / took)) MiB/s"
    row 'the same: growth' "$(($(memory_kb harmony VmHWM) / 1024 - base)) MiB"
fi
row 'memory of the gateway at the end' "$(resident) MiB"
table "$objects objects of 512 KB, $rounds rounds: least time, and median of the ratios to the first of the group; rates."
