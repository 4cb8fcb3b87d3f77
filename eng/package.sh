#!/usr/bin/env bash
# Makes what users install, in artifacts/package: for each runtime identifier a self-contained single file, compiled ahead (ReadyToRun) so that the
# first request is quick, and a Debian package of it.
#
#   eng/package.sh                       linux-x64 and linux-arm64
#   eng/package.sh linux-x64             that one
#   eng/package.sh --from DIR linux-x64  the package alone, of a program that has been published to DIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

from=
if [[ ${1:-} == --from ]]; then from=$2; shift 2; fi
[[ $# -gt 0 ]] || set -- linux-x64 linux-arm64
out=${OUT:-artifacts/package}
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)

publish() { # RID DIR
    dotnet publish src/Harmony.Gateway -c release -r "$1" --self-contained -o "$2" --artifacts-path "$out/build" -v quiet \
        -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:EnableCompressionInSingleFile=false -p:DebugType=none -p:GenerateDocumentationFile=false
    rm -f "$2"/*.xml "$2"/*.pdb
}

# The examples' and the repository's own files and no others: what somebody has put into config/ is theirs.
pack() { # RID DIR
    local arch root=$out/root-$1
    case $1 in linux-x64) arch=amd64 ;; linux-arm64) arch=arm64 ;; *) echo "no Debian architecture is known for $1"; return ;; esac
    rm -rf "$root"
    install -d "$root"/DEBIAN "$root"/usr/bin "$root"/usr/lib/harmony "$root"/usr/lib/systemd/system "$root"/etc/harmony/pipelines \
        "$root"/usr/share/man/man1 "$root"/usr/share/doc/harmony "$root"/usr/share/bash-completion/completions \
        "$root"/usr/share/zsh/vendor-completions "$root"/usr/share/fish/vendor_completions.d
    cp -r "$2"/. "$root"/usr/lib/harmony
    rm -rf "$root"/usr/lib/harmony/config
    ln -s ../lib/harmony/harmony "$root"/usr/bin/harmony
    sed -e '1d' -e 's#/opt/harmony/harmony#/usr/bin/harmony#' deploy/systemd/harmony.service > "$root"/usr/lib/systemd/system/harmony.service
    install -m 0644 config/config.toml "$root"/etc/harmony
    install -m 0644 config/pipelines/welcome.toml config/pipelines/echo.toml "$root"/etc/harmony/pipelines
    gzip -9nc deploy/package/harmony.1 > "$root"/usr/share/man/man1/harmony.1.gz
    install -m 0644 LICENSE NOTICE "$root"/usr/share/doc/harmony
    install -m 0644 src/Harmony.Gateway/Cli/Completion/harmony.bash "$root"/usr/share/bash-completion/completions/harmony
    install -m 0644 src/Harmony.Gateway/Cli/Completion/harmony.zsh "$root"/usr/share/zsh/vendor-completions/_harmony
    install -m 0644 src/Harmony.Gateway/Cli/Completion/harmony.fish "$root"/usr/share/fish/vendor_completions.d
    install -m 0755 deploy/package/postinst deploy/package/prerm deploy/package/postrm "$root"/DEBIAN
    (cd "$root" && find etc -type f -printf '/%p\n' | sort) > "$root"/DEBIAN/conffiles
    cat > "$root"/DEBIAN/control <<EOF
Package: harmony
Version: $version
Architecture: $arch
Maintainer: Harmony <harmony@example.org>
Section: net
Priority: optional
Depends: libc6, libgcc-s1, libstdc++6, passwd
Recommends: ca-certificates
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Description: gateway for data meshes, with health care first
 Carries requests between HTTP, DICOM, DICOMweb and FHIR by pipelines that are written in TOML, with authentication,
 policies, transformations and a management API.
EOF
    dpkg-deb --root-owner-group --build "$root" "$out/harmony_${version}_$arch.deb"
    rm -rf "$root"
}

mkdir -p "$out"
for rid in "$@"; do
    program=${from:-$out/$rid}
    [[ -n $from ]] || publish "$rid" "$program"
    pack "$rid" "$program"
    [[ -n $from ]] || ls -l "$program/harmony"
done
