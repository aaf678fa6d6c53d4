#!/bin/sh
# Installs what `npm run release:check` starts programs of other systems with (Debian, Ubuntu).
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o Acquire::Retries=3 update
apt-get -qq -o Acquire::Retries=3 install -y --no-install-recommends \
  qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross \
  wine64 wine gcc-mingw-w64-x86-64-win32 man-db dash
