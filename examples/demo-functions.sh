# What the demo.sh of every example shares; sourced, not run. It finds or builds the program, starts gateways on free ports of
# the loopback interface, prints requests and answers, compares answers, and ends what it started by its process id.
#
# HARMONY_PROGRAM   the program to use instead of the one built in this repository
# HARMONY_PORT ...  the ports an example names; a free one is taken for each that is not set
# DEMO_PACS         orthanc: the archives of DICOM examples are Orthanc, where it is installed, and not 'harmony dicom serve'

set -euo pipefail

example=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
declare -A pids=() signals=()
status='' fields='' answer=''

say() { printf '\n# %s\n' "$*"; }

fail() {
    printf '\nNOT AS EXPECTED: %s\n' "$*" >&2
    exit 1
}

# :: Processes

stop() { # stop NAME
    [[ -n ${pids[$1]:-} ]] || return 0
    kill -s "${signals[$1]:-TERM}" "${pids[$1]}" 2>/dev/null || true
    wait "${pids[$1]}" 2>/dev/null || true
    unset "pids[$1]"
}

cleanup() {
    local name
    trap '' INT TERM
    for name in "${!pids[@]}"; do kill -s "${signals[$name]:-TERM}" "${pids[$name]}" 2>/dev/null || true; done
    for name in "${!pids[@]}"; do wait "${pids[$name]}" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Sets `program`: what HARMONY_PROGRAM names, else what the repository has built, else what it builds now.
find_program() {
    local kind
    program=${HARMONY_PROGRAM:-}
    for kind in release debug; do
        [[ -z $program && -x $repository/artifacts/bin/Harmony.Gateway/$kind/harmony ]] || continue
        program=$repository/artifacts/bin/Harmony.Gateway/$kind/harmony
    done
    if [[ -z $program ]]; then
        say "building the program; this takes a minute, once"
        dotnet build -c release -v quiet "$repository/src/Harmony.Gateway"
        program=$repository/artifacts/bin/Harmony.Gateway/release/harmony
    fi
}

# eventually COMMAND...: tries a command until it succeeds, for a minute at least.
eventually() {
    local try
    for ((try = 0; try < 600; try++)); do
        "$@" && return
        sleep 0.1
    done
    return 1
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# start_process NAME PORT COMMAND...: runs a command in the background and waits until it listens.
start_process() {
    local name=$1 port=$2 log=$work/$1.log
    shift 2
    "$@" </dev/null >"$log" 2>&1 &
    pids[$name]=$!
    for ((i = 0; i < 600; i++)); do
        kill -0 "${pids[$name]}" 2>/dev/null || break
        listens "$port" && return
        sleep 0.1
    done
    cat "$log" >&2
    fail "$name did not start"
}

# start NAME PORT CONFIG: starts a gateway that listens on the port. Ports come from exported variables that its configuration names.
start() {
    printf '\n$ harmony run --config %s     (%s, port %s)\n' "${3#"$repository"/}" "$1" "$2"
    start_process "$1" "$2" "$program" run --config "$3"
}

# use_port NAME...: gives every variable that is not set the number of a free port, and exports it. The ports lie below
# those the system hands out to clients.
use_port() {
    local name port
    for name in "$@"; do
        while [[ -z ${!name:-} ]]; do
            port=$((20000 + RANDOM % 12000))
            [[ " ${taken:-} " == *" $port "* ]] || listens "$port" || printf -v "$name" %s "$port"
        done
        taken="${taken:-} ${!name}"
        export "${name?}"
    done
}

# :: Requests

quoted() { # the words as one would type them
    local word line=''
    for word in "$@"; do
        if [[ $word == *[!A-Za-z0-9_.:/@%=,+-]* || -z $word ]]; then word="'$word'"; fi
        line+=" $word"
    done
    printf '%s' "${line# }"
}

# ask ARGUMENTS...: sends a request with curl, prints it and the answer, and sets `status`, `fields` and `answer`.
ask() {
    printf '\n$ curl -i %s\n' "$(quoted "$@")"
    status=$(curl -sS --max-time 30 --noproxy '*' -D "$work/fields" -o "$work/answer" -w '%{http_code}' "$@") || true
    fields=$(tr -d '\r' <"$work/fields")
    answer=$(head -c 2000 "$work/answer" 2>/dev/null || true)
    rm -f "$work/answer"
    printf '%s\n' "$fields"
    [[ -z $answer ]] || printf '\n%s\n' "$answer"
}

expect_status() { [[ $status == "$1" ]] || fail "status $status instead of $1"; }
expect() { [[ $answer == *"$1"* ]] || fail "the answer does not hold: $1"; }
expect_not() { [[ $answer != *"$1"* ]] || fail "the answer holds: $1"; }
expect_field() { grep -qiF -- "$1" <<<"$fields" || fail "no field in the answer: $1"; }

find_program
printf '%s\n' "$(basename "$example"), with $program"

# :: DICOM

# Ends the demo, as one that has nothing to show, where DCMTK is not installed.
need_dcmtk() {
    local program
    for program in dump2dcm storescu findscu getscu movescu; do
        [[ -n $(command -v "$program") ]] && continue
        say "$program is not installed; on Debian and Ubuntu: sudo apt-get install dcmtk"
        exit 0
    done
}

# make_image FILE SOP_INSTANCE_UID PATIENT_ID COMMENT: a small image of study 1.2.3.1.
make_image() {
    cat >"$1.dump" <<END
(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [$2]
(0008,0020) DA [20240102]
(0008,0060) CS [OT]
(0010,0010) PN [Test^Object]
(0010,0020) LO [$3]
(0020,000d) UI [1.2.3.1]
(0020,000e) UI [1.2.3.2]
(0020,0013) IS [1]
(0020,4000) LT [$4]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 2
(0028,0011) US 2
(0028,0100) US 8
(0028,0101) US 8
(0028,0102) US 7
(0028,0103) US 0
(7fe0,0010) OB 01\\02\\03\\04
END
    dump2dcm +te "$1.dump" "$1"
}

# archive NAME AE_TITLE PORT [TITLE@HOST:PORT]: starts a PACS with a folder of its own, which it finds again when it is started again. It moves objects to
# the last one.
archive() {
    local name=$1 title=$2 port=$3 peer=${4:-}
    mkdir -p "$work/$name"
    if [[ ${DEMO_PACS:-} == orthanc ]]; then
        orthanc "$name" "$title" "$port" "$peer"
    else
        printf '$ harmony dicom serve %s --aet %s --port %s%s\n' "$work/$name" "$title" "$port" "${peer:+ --peer $peer}"
        start_process "$name" "$port" "$program" dicom serve "$work/$name" --aet "$title" --port "$port" ${peer:+--peer "$peer"}
    fi
}

archived() { # archived NAME: how many objects an archive has
    local http=HTTP_PORT_OF_$1
    if [[ ${DEMO_PACS:-} == orthanc ]]; then
        curl -sS --noproxy '*' "http://127.0.0.1:${!http}/statistics" | sed -n 's/.*"CountInstances" : \([0-9]*\).*/\1/p'
    else
        find "$work/$1" -type f -name '*.dcm' | wc -l
    fi
}

orthanc() { # orthanc NAME AE_TITLE PORT [TITLE@HOST:PORT]
    local name=$1 title=$2 port=$3 peer=${4:-} http=HTTP_PORT_OF_$1 modalities=''
    if [[ -z $(PATH=$PATH:/usr/sbin command -v Orthanc) ]]; then
        say "Orthanc is not installed; on Debian and Ubuntu: sudo apt-get install orthanc"
        exit 0
    fi
    use_port "$http"
    [[ -z $peer ]] || modalities="\"peer\": [\"${peer%@*}\", \"127.0.0.1\", ${peer##*:}]"
    cat >"$work/$name.json" <<END
{ "StorageDirectory": "$work/$name", "IndexDirectory": "$work/$name", "DicomAet": "$title", "DicomPort": $port, "HttpPort": ${!http}, "RemoteAccessAllowed": false,
  "AuthenticationEnabled": false, "DicomCheckCalledAet": true, "DicomAlwaysAllowFind": true, "DicomAlwaysAllowGet": true, "DicomAlwaysAllowMove": true, "Plugins": [],
  "DicomModalities": { $modalities } }
END
    printf '$ Orthanc %s.json     (%s, port %s)\n' "$name" "$title" "$port"
    signals[$name]=KILL # it would wait half a minute for associations that the gateway keeps
    PATH=$PATH:/usr/sbin start_process "$name" "$port" Orthanc "$work/$name.json"
}

expect_file() { # expect_file PATH
    [[ -f $1 ]] || fail "there is no ${1#"$work"/}: $(cd "$work" && find . -name '*.dcm' | tr '\n' ' ')"
    echo "${1#"$work"/}"
}
