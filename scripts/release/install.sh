#!/bin/sh
# Installs cdp into ~/.local/bin, or updates it there. Nothing is done as another user.
#
#   sh install.sh [--version VERSION] [--to FOLDER] [--from FOLDER-OR-ADDRESS]
#
# It takes the archive from where this script lies, when it lies there, else from the address of the
# release. The archive's sum is compared with SHA256SUMS before anything is unpacked. What is
# installed is replaced in one step, or stays as it is.
set -eu

VERSION='@VERSION@'
DOWNLOADS='@DOWNLOADS@'

say() { printf '%s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

main() {
  version=$VERSION from='' to="${HOME:?}/.local/bin"
  while [ $# -gt 0 ]; do
    case $1 in
    --version | --to | --from) [ $# -ge 2 ] || die "$1 needs a value" ;;
    esac
    case $1 in
    --version) version=${2#v} && shift 2 ;;
    --to) to=$2 && shift 2 ;;
    --from) from=$2 && shift 2 ;;
    -h | --help)
      say 'sh install.sh [--version VERSION] [--to FOLDER] [--from FOLDER-OR-ADDRESS]'
      return
      ;;
    *) die "unknown option: $1 (--version, --to, --from)" ;;
    esac
  done
  case $version in
  '' | *[!0-9A-Za-z.+-]*) die "not a version: $version" ;;
  esac
  case $to in
  /*) ;;
  *) to=$PWD/$to ;;
  esac
  name=cdp-$version-$(platform)
  [ -n "$from" ] || from=$(place "$name.tar.gz")

  work='' new=''
  trap clean EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  mkdir -p "$to" 2>/dev/null || die "cannot make $to: choose another folder with --to"
  new=$to/.cdp.new.$$
  (: >"$new") 2>/dev/null || die "cannot write to $to: choose another folder with --to"
  work=$(mktemp -d "${TMPDIR:-/tmp}/cdp-install.XXXXXX") || die 'cannot make a temporary folder'

  fetch "$from" SHA256SUMS
  fetch "$from" "$name.tar.gz"
  check "$name.tar.gz"
  (cd "$work" && tar -xzf "$name.tar.gz" "$name/cdp") 2>"$work/error" ||
    die "cannot unpack $name.tar.gz: $(tail -n 1 "$work/error")"
  cp "$work/$name/cdp" "$new" 2>"$work/error" || die "cannot write to $to: $(tail -n 1 "$work/error")"
  chmod 755 "$new"
  answer=$("$new" --version 2>&1) || die "the program does not start here: $(first "$answer")"
  [ "$answer" = "$version" ] || die "the program calls itself $(first "$answer"), not $version"
  # A running cdp keeps the file that it was started from.
  mv -f "$new" "$to/cdp" || die "cannot replace $to/cdp"
  say "cdp $version is in $to"
  case :${PATH:-}: in
  *":$to:"*) ;;
  *) say "$to is not on your PATH. Add to your shell's start file: export PATH=\"$to:\$PATH\"" ;;
  esac
}

first() { printf '%s\n' "$1" | head -n 1; }

clean() {
  [ -z "$new" ] || rm -f "$new"
  [ -z "$work" ] || rm -rf "$work"
}

# OS-ARCH[-musl], as in the archives' names.
platform() {
  system=$(uname -s) machine=$(uname -m)
  case $machine in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) die "there is no program for the processor $machine" ;;
  esac
  case $system in
  Linux)
    libc=
    for loader in /lib/ld-musl-*; do [ ! -e "$loader" ] || libc=-musl; done
    # A system of glibc may have musl beside it.
    for loader in /lib64/ld-linux-* /lib/ld-linux-*; do [ ! -e "$loader" ] || libc=; done
    say "linux-$machine$libc"
    ;;
  Darwin)
    # A translated shell says x86_64 on an arm64 Mac.
    [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || :)" != 1 ] || machine=arm64
    say "darwin-$machine"
    ;;
  *) die "there is no program for $system here; on Windows use install.ps1" ;;
  esac
}

# Where the archive is: beside this script, else at the release's address.
place() {
  here=$(dirname -- "$0")
  if [ -f "$here/$1" ]; then
    (cd -- "$here" && pwd)
    return
  fi
  case $DOWNLOADS in
  *unpublished.invalid*) die "this version is unpublished: name the folder of its files with --from" ;;
  esac
  say "${DOWNLOADS%"v$VERSION"}v$version"
}

# Gets a file into the work folder.
fetch() {
  case $1 in
  http://* | https://*)
    if has curl; then
      curl -fsSL --connect-timeout 20 --retry 2 -o "$work/$2" "$1/$2" 2>"$work/error"
    elif has wget; then
      # BusyBox's wget tries once, and has no option for it.
      tries=
      case $(wget --help 2>&1) in *--tries*) tries=--tries=2 ;; esac
      wget -q -T 20 $tries -O "$work/$2" "$1/$2" 2>"$work/error"
    else
      die 'needs curl or wget'
    fi || die "cannot download $1/$2: $(tail -n 1 "$work/error")"
    ;;
  *) cp "$1/$2" "$work/$2" 2>"$work/error" || die "cannot read $1/$2: $(tail -n 1 "$work/error")" ;;
  esac
}

# Compares a file's sum with the one in SHA256SUMS.
check() {
  wanted=$(awk -v name="$1" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
  [ -n "$wanted" ] || die "SHA256SUMS does not name $1"
  if has sha256sum; then
    seen=$(sha256sum "$work/$1")
  elif has shasum; then
    seen=$(shasum -a 256 "$work/$1")
  elif has openssl; then
    seen=$(openssl dgst -sha256 -r "$work/$1")
  else
    die 'needs sha256sum, shasum or openssl'
  fi
  [ "${seen%% *}" = "$wanted" ] || die "$1 has the wrong sum: it is damaged, or not the one that was released"
}

# Called last: a script that was cut off does nothing.
main "$@"
