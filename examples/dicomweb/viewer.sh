#!/usr/bin/env bash
# viewer.sh [--fetch] [FOLDER]: fetches the OHIF viewer with npm into FOLDER (default: a folder of the user's cache), and serves it on VIEWER_PORT (3000), with app-config.js.
# With --fetch it ends when the viewer is in the folder.
set -euo pipefail

only_fetch=false
if [[ ${1:-} == --fetch ]]; then only_fetch=true && shift; fi
example=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/harmony-ohif}
version=3.13.2
dist=$folder/node_modules/@ohif/app/dist

if [[ ! -f $dist/index.html ]]; then
    mkdir -p "$folder"
    # Only the built application is wanted, and none of the packages that it was built of.
    (cd "$folder" && npm pack --silent "@ohif/app@$version" && mkdir -p node_modules/@ohif/app && tar -xzf ohif-app-*.tgz --strip-components=1 -C node_modules/@ohif/app && rm ohif-app-*.tgz)
fi

if $only_fetch; then exit; fi
{ [[ -z ${HARMONY_ROOT:-} ]] || printf 'window.harmonyRoot = "%s";\n' "$HARMONY_ROOT"; cat "$example/app-config.js"; } >"$dist/app-config.js"
exec node "$example/serve.mjs" "$dist" "${VIEWER_PORT:-3000}"
