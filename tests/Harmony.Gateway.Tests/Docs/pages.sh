# What a reader of a page has, before the commands of the page run: sourced by the script that PageScript makes of the page. Ports are those of the page; both are
# replaced by free ones. `work` is the folder of the test, and the working directory; `place` is where the page has the command that runs.

set -mo pipefail # -m: what runs in the background is a process group, ended as a whole
place='the preparation'
pids=()
declare -A on=() # what listens, by the port that its command names

stop() { # stop PID...: ends process groups, and waits until they are gone
    local pid
    for pid in "$@"; do kill -TERM -- "-$pid" 2>/dev/null; done
    for pid in "$@"; do while kill -0 -- "-$pid" 2>/dev/null; do sleep 0.05; done; done
}

cleanup() { stop "${pids[@]}"; }
trap cleanup EXIT
[[ ! -d examples ]] || chmod +x examples/*/*.sh

fail() { # fail OUTPUT WORDS...
    local output=$1
    shift
    printf '%s: %s\n' "$place" "$*" >&2
    cat "$output" >&2
    exit 1
}

run() { # run NUMBER COMMAND: as a reader types it, who gives a password where one is asked for
    eval "$2" >"$work/out/$1" 2>&1 <<<$'a-password-of-a-test\na-password-of-a-test' || fail "$work/out/$1" "'$2' ended with $?"
}

# background NUMBER READY COMMAND: goes on until the end of the page, or until another wants its port; waits until a line of it has READY
background() {
    local output=$work/out/$1 port
    : >"$output"
    port=$(grep -oE -- '--port [0-9]+' <<<"$3") && [[ -n ${on[$port]:-} ]] && stop "${on[$port]}"
    eval "$3" >"$output" 2>&1 </dev/null &
    pids+=($!)
    [[ -z $port ]] || on[$port]=$!
    until grep -q -- "$2" "$output"; do
        kill -0 "$!" 2>/dev/null || { sleep 0.2; grep -q -- "$2" "$output" && return; fail "$output" "'$3' has ended"; }
        sleep 0.05
    done
    [[ -n ${TOKEN:-} ]] || TOKEN=$(cat "$work"/.local/state/harmony/management/*/token 2>/dev/null) || true
}

write() { # write FILE: from standard input; a gateway that runs takes the file up
    mkdir -p "$(dirname "$1")"
    cat >"$1"
    ((${#pids[@]} == 0)) || harmony reload >"$work/out/reload" 2>&1 || fail "$work/out/reload" "$1 was not taken up"
}

refusal='' # not empty where the page shows what is refused
curl() { command curl -sS --fail-with-body --max-time 60 --noproxy '*' "$@" || [[ $? == 22 && -n $refusal ]]; }
command -v jq >/dev/null || jq() { cat >/dev/null; }

harmony() { # the ports that commands listen on by default are free ones, too
    case $1 in
        proxy) command harmony "$@" --port 8081 ;;
        receive) command harmony "$@" --port 11113 ;;
        *) command harmony "$@" ;;
    esac
}

image() { # image FILE: a small object of DICOM, of study 1.2.3
    printf '%s\n' '(0008,0016) UI =CTImageStorage' '(0008,0018) UI [1.2.3.1.1]' '(0010,0010) PN [Roe^Jane]' '(0010,0020) LO [PAT-1]' \
        '(0008,0020) DA [20240102]' '(0008,0060) CS [CT]' '(0020,000d) UI [1.2.3]' '(0020,000e) UI [1.2.3.1]' '(0028,0002) US 1' '(0028,0004) CS [MONOCHROME2]' \
        '(0028,0010) US 16' '(0028,0011) US 16' '(0028,0100) US 8' '(0028,0101) US 8' '(0028,0102) US 7' '(0028,0103) US 0' \
        "(7fe0,0010) OB $(printf '%02x\\' {0..254})ff" >"$work/image.dump"
    mkdir -p "$(dirname "$1")"
    dump2dcm --write-xfer-little "$work/image.dump" "$1" || exit 1
}

origin() { # origin PORT: a server that responds to everything with JSON
    mkdir -p "$work/origin-$1"
    cat >"$work/origin-$1/config.toml" <<END
[proxy]
name = "origin"
[network.default.tcp_config]
bind_address = "127.0.0.1"
bind_port = $1
[pipelines.all]
networks = ["default"]
endpoints = ["all"]
backends = ["echo"]
[endpoints.all]
service = "http"
options.path_prefix = "/"
[backends.echo]
service = "echo"
END
    background "origin-$1" Press "command harmony run -c '$work/origin-$1/config.toml'"
}

archive() { # archive AET PORT: a PACS that has one study
    image archive-of-a-test/1.dcm
    background archive Press "harmony dicom serve archive-of-a-test --aet $1 --port $2 --peer ARCHIVE@127.0.0.1:4243 --peer HARMONY@127.0.0.1:11112 \
        --peer HARMONY_SCU@127.0.0.1:11123"
}

gateway() { # gateway: with the configuration that comes with the program
    background gateway Press 'harmony run'
}

prepare() {
    case $1 in
        README.md) origin 9000 ;;
        docs/quickstart.md)
            origin 9000
            mkdir -p etc/harmony
            cp -r config.toml pipelines etc/harmony/
            sed -i 's/8080/8081/; s/9090/9100/' etc/harmony/config.toml # beside the one that runs
            ;;
        docs/cli.md)
            mkdir -p run/secrets etc/harmony etc/bash_completion.d
            openssl rand -hex 32 >run/secrets/harmony-admin
            sed -i "s|^network = \"management\"|&\ntoken = \"\${file:$work/run/secrets/harmony-admin}\"|" config.toml
            printf '[logging.access]\nenabled = true\ntarget = "access.log"\n' >>config.toml
            cp -r config.toml pipelines etc/harmony/
            gateway
            archive ORTHANC 4242
            background workstation Press 'harmony dicom serve workstation --aet ARCHIVE --port 4243'
            printf '%032d' 7 >jwt.secret
            image CT.3.1.dcm
            image more.dcm
            image study/1.dcm
            curl http://127.0.0.1:8080/echo/hello >/dev/null
            ;;
        docs/management.md) gateway ;;
        docs/operations.md) # a configuration with a history, and a backend as on the page
            mkdir -p etc/harmony
            cp -r config.toml pipelines etc/harmony/
            cat >etc/harmony/pipelines/ehr.toml <<'END'
[pipelines.ehr]
description = ""
networks = ["default"]
path = "/ehr"
backend_ref = "ehr"
[backends.ehr]
service = "http"
targets = ["ehr_a", "ehr_b"]
[targets.ehr_a]
url = "http://127.0.0.1:9000"
[targets.ehr_b]
url = "http://127.0.0.1:9001"
END
            background before Press 'harmony run -c etc/harmony/config.toml'
            for i in {1..7}; do
                sed -i "2s/.*/description = \"$i\"/" etc/harmony/pipelines/ehr.toml
                command harmony reload -c etc/harmony/config.toml >/dev/null || exit 1
            done
            stop "${pids[0]}"
            ;;
        docs/how-to.md) sed 's/echo/fhir/g; s/service = "fhir"/service = "echo"/' pipelines/echo.toml >pipelines/fhir.toml ;;
        CONTRIBUTING.md) mkdir -p docs && cp config.toml FILE ;;
        examples/dicom-backend/* | examples/dicomweb/*) archive ORTHANC 4242 ;;
        examples/jmix/*) archive PACS 4242 ;;
        examples/fhir-dicom/*) archive PACS 104 ;;
        examples/cstore-filesystem/*) image image.dcm ;;
        examples/dicom-to-dicomweb/*)
            archive ARCHIVE 4242
            background server Press 'harmony run --config examples/dicom-to-dicomweb/server/config.toml'
            image image.dcm
            ;;
        examples/dicom-to-jmix/*)
            background server Press 'harmony run --config examples/dicom-to-jmix/server/config.toml'
            image image.dcm
            ;;
        examples/jmix-backend/*)
            background server Press 'SERVER_PORT=9000 harmony run --config examples/jmix-backend/server/config.toml'
            echo '{}' >results.json
            harmony jmix build results.json -o package.zip --sender org:lab.example >/dev/null || exit 1
            ;;
        examples/schema-check/*) refusal=422 ;;
        examples/fhir/* | examples/fhir-legacy/* | examples/fhir-portal/*) origin 9000 ;;
        examples/http-file-upload/* | examples/storage-s3/*) echo 'a report' >report.pdf ;;
        examples/transform/*) echo '{"mrn":"4711","last":"Doe","first":"Jane","born":"19700102"}' >admission.json ;;
    esac
}
