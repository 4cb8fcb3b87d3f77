# What the benchmarks have in common: options, children, ports, a table. Each sources this file, and defines `usage` before.
# A script calls read_options, then work_in; children are started by `run` and known by name.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
harmony=${HARMONY:-$root/artifacts/bin/Harmony.Gateway/release/harmony}
build=1 check=0 markdown='' work='' rows=()
declare -A pid=() taken=()
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx, haproxy and Orthanc

fail() { echo "${0##*/}: $*" >&2; exit 2; }
say() { echo "$*" >&2; }
have() { command -v "$1" >/dev/null; }
needs() { have "$1" || fail "$1 is missing; on Debian and Ubuntu: sudo apt-get install ${2:-$1}"; }

# read_options "NAME..." ARGUMENT...: --NAME VALUE sets the variable NAME; --check and --no-build need none.
read_options() {
    local names=" $1 "
    shift
    while (($#)); do
        case $1 in
            -h | --help) usage; exit 0 ;;
            --no-build) build=0 ;;
            --check) check=1 ;;
            --*) [[ $names == *" ${1#--} "* ]] || { usage >&2; fail "unknown option $1"; }
                (($# > 1)) || fail "$1 needs a value"
                printf -v "${1#--}" %s "$2"
                shift ;;
            *) usage >&2; fail "unknown option $1" ;;
        esac
        shift
    done
}

whole() { # whole VALUE...: each is a positive whole number
    local number
    for number in "$@"; do [[ $number =~ ^[1-9][0-9]*$ ]] || fail "'$number' is not a positive whole number"; done
}

build() { # build PROJECT...: those of the repository, unless --no-build is given
    local project
    ((build)) || return 0
    needs dotnet dotnet-sdk-10.0
    for project in "$@"; do
        dotnet build -c release -v quiet -nologo "$root/$project" >"$work/build.log" 2>&1 && continue
        grep -E 'error|warning' "$work/build.log" | sort -u | head -n 10 >&2
        fail "$project does not build"
    done
}

# :: Children: every one is known by its own id, and ended at the end however the script ends

work_in() { # work_in [OPTION OF mktemp...]: makes the folder `work`, which is deleted at the end
    work=$(mktemp -d "$@")
    chmod 711 "$work" # workers of an nginx started by root run as another user
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

clean_up() {
    trap '' INT TERM
    end "${!pid[@]}"
    rm -rf "$work"
}

run() { # run NAME COMMAND...: begins it; what it prints goes to a file
    local name=$1
    shift
    "$@" </dev/null >"$work/$name.log" 2>&1 &
    pid[$name]=$!
}

descendants() {
    echo "$1"
    local child
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do descendants "$child"; done
}

end() { # end NAME...: with all that they have started, by force after five seconds
    local name all=()
    for name in "$@"; do
        [[ -n ${pid[$name]:-} ]] || continue
        mapfile -t -O "${#all[@]}" all < <(descendants "${pid[$name]}")
        kill "${pid[$name]}" 2>/dev/null || true
    done
    for _ in {1..50}; do
        ((${#all[@]})) && kill -0 "${all[@]}" 2>/dev/null || break # true while at least one is left
        sleep 0.1
    done
    ((${#all[@]} == 0)) || kill -9 "${all[@]}" 2>/dev/null || true
    for name in "$@"; do
        [[ -z ${pid[$name]:-} ]] || wait "${pid[$name]}" 2>/dev/null || true
        unset "pid[$name]"
    done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

until_listens() { # until_listens PORT NAME [SECONDS BETWEEN LOOKS]
    for ((i = 0; i < 6000; i++)); do
        listens "$1" && return
        kill -0 "${pid[$2]}" 2>/dev/null || break
        sleep "${3:-0.1}"
    done
    tail -n 20 "$work/$2.log" >&2
    fail "$2 does not listen"
}

# Below the ports that the system hands out to clients, so that no connection of the load takes it in between.
pick_port() { # pick_port VARIABLE...
    local candidate variable
    for variable in "$@"; do
        while candidate=$((20000 + RANDOM % 12000)); [[ -n ${taken[$candidate]:-} ]] || listens "$candidate"; do :; done
        taken[$candidate]=1
        printf -v "$variable" %s "$candidate"
    done
}

memory_kb() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/${pid[$1]}/status"; } # memory_kb NAME FIELD: VmRSS, or VmHWM

memory_from_now() { echo 5 >"/proc/${pid[$1]}/clear_refs" 2>/dev/null || true; } # memory_from_now NAME: VmHWM begins here

cpu_ticks() { # cpu_ticks NAME: user and system time, with all children; the command name in field 2 of the file may hold blanks
    local one total=0 stat
    for one in $(descendants "${pid[$1]}"); do
        stat=$(<"/proc/$one/stat") && stat=${stat##*) } && set -- $stat && total=$((total + ${12} + ${13}))
    done
    echo "$total"
}

# :: A table

row() { # row WHAT MEASURED [WANTED]
    rows+=("| $1 | $2 | ${3:-} |")
    printf '%-64s %-28s %s\n' "$1" "$2" "${3:-}" >&2
}

table() { # table WHAT: prints the rows, and writes them to the file of --markdown
    local text
    printf -v text '%s\n' "$1" '' '| what | measured | wanted |' '|---|---|---|' "${rows[@]}"
    printf '\n%s' "$text"
    [[ -z $markdown ]] || { mkdir -p "$(dirname "$markdown")"; printf '# %s, %s\n\n%s' "bench/${0##*/}" "$(date -u +%F)" "$text" >"$markdown"; }
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
