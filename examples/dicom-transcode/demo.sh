#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT OLD_PORT TEACHING_PORT PACS_PORT
export STORAGE=$work/storage TCP_NODELAY=1

make_picture() { # make_picture FILE SOP_INSTANCE_UID: 64 x 64 pixels, a wedge of greys, compressed as JPEG lossless
    local row='' column line
    for ((column = 0; column < 64; column++)); do row+=$(printf '\\x%02x' $((column * 4))); done
    for ((line = 0; line < 64; line++)); do printf '%b' "$row"; done >"$1.pixels"
    make_image "$1" "$2" P-1 "wedge"
    sed -e "s|^(7fe0,0010).*|(7fe0,0010) OB =$1.pixels|" -e 's|^(0028,001[01]) US 2|&x|; s|2x$|64|' "$1.dump" >"$1.dump2"
    dump2dcm +te "$1.dump2" "$1.plain"
    dcmcjpeg "$1.plain" "$1"
}

store() { # store CALLED FILE
    printf '\n$ storescu -xs -aec %s 127.0.0.1 %s %s\n' "$1" "$HARMONY_PORT" "$(basename "$2")"
    storescu -v -xs -aec "$1" 127.0.0.1 "$HARMONY_PORT" "$2" >"$work/output" 2>&1 || true
    grep 'Received Store Response' "$work/output" || fail "no answer"
}

seen() { grep -q "$1" "$work/output" || fail "the answer is another"; }

arrived() { # arrived FOLDER: sets `file` to the one object in it, and prints what it says of its pixels
    file=$(find "$1" -type f)
    [[ -f $file ]] || fail "not one object in $(basename "$1"): $file"
    dcmdump "$file" >"$work/dump"
    grep -E '^\((0002,0010|0008,0008|0008,0018|0028,2110|0028,2112)\)' "$work/dump" | sed 's/ *#.*//'
}

pixels() { # pixels FILE: their digest
    rm -rf "$work/raw" && mkdir "$work/raw"
    dcmdump +W "$work/raw" "$1" >/dev/null
    sha256sum <"$(find "$work/raw" -type f)"
}

has() { grep -q "$1" "$work/dump" || fail "the object has no $1"; }

start gateway "$HARMONY_PORT" "$example/config.toml"
mkdir "$work/old" "$work/teaching" "$work/viewer"
printf '$ storescp +xi %s     (takes implicit VR little endian only)\n' "$OLD_PORT"
start_process old "$OLD_PORT" storescp +xi -od "$work/old" "$OLD_PORT"
printf '$ storescp +xy %s     (takes JPEG baseline)\n' "$TEACHING_PORT"
start_process teaching "$TEACHING_PORT" storescp +xy -od "$work/teaching" "$TEACHING_PORT"
archive pacs PACS "$PACS_PORT"
make_picture "$work/a.dcm" 1.2.3.4

say "An image in JPEG lossless, for an archive that takes no compression: it is not changed unless you say so"
store ASIS "$work/a.dcm"
seen 'Refused\|Error\|Failed'
[[ -z $(find "$work/old" -type f) ]] || fail "it was stored"

say "transcode = \"lossless\": the same object, to the last bit of a pixel"
store LOSSLESS "$work/a.dcm"
seen Success
arrived "$work/old"
has '(0002,0010) UI =LittleEndianImplicit'
has '(0008,0018) UI \[1.2.3.4\]'
[[ $(pixels "$file") == "$(pixels "$work/a.dcm.plain")" ]] || fail "the pixels are others"

say "transcode = \"lossy\": another object, which says what it is; its sender gets a warning"
store TEACHING "$work/a.dcm"
seen Warning
arrived "$work/teaching"
has '(0002,0010) UI =JPEGBaseline'
has '(0008,0008) CS \[DERIVED'
has '(0028,2110) CS \[01\]'
grep -q '^(0008,0018) UI \[1.2.3.4\]' "$work/dump" && fail "it has the UID of the original"

say "What a PACS keeps compressed, for a viewer that knows no compression: C-GET with transcode = \"lossless\""
store VIEWERS "$work/a.dcm"
seen Success
printf '\n$ getscu -aec VIEWERS -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3.1 127.0.0.1 %s\n' "$HARMONY_PORT"
getscu -aec VIEWERS -S -od "$work/viewer" -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3.1 127.0.0.1 "$HARMONY_PORT"
arrived "$work/viewer"
has '(0002,0010) UI =LittleEndianExplicit'
[[ $(pixels "$file") == "$(pixels "$work/a.dcm.plain")" ]] || fail "the pixels are others"

say "What the gateway logged"
grep -E 'WARN|ERROR' "$work/gateway.log" || true

say "All answers were as expected"
