#!/bin/sh
# The example outside the tree builds with pkg-config alone against an installed copy, and prints
# what R prints for
#   d <- data.frame(w = rep(1:5, each = 2), a = rep(0:1, 5), y = c(6,5,9,6,4,4,8,5,5,4))
#   clubSandwich::conf_int(lm(y ~ a, d), vcov = "CR2", cluster = d$w)
# Usage: link_example.sh BUILD_FOLDER SOURCE_FOLDER
set -eu
build=$1
source=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

meson install -C "$build" --no-rebuild --quiet --destdir "$place" >"$place/log" 2>&1 || {
    cat "$place/log"
    exit 1
}
folder=$(dirname "$(find "$place" -name assay.pc)")
export PKG_CONFIG_PATH="$folder" PKG_CONFIG_SYSROOT_DIR="$place"
# Nothing of the tree may be needed: neither an include path nor a library that the .pc leaves out.
# shellcheck disable=SC2046
cc -std=c17 -Wall -Wextra -Wpedantic -Werror "$source/examples/link/cluster_mean.c" \
    -o "$place/cluster_mean" $(pkg-config --cflags --libs assay)
got=$(LD_LIBRARY_PATH="$folder/.." "$place/cluster_mean")
wanted='-1.60 hours (-3.27 .. 0.07)'
[ "$got" = "$wanted" ] || {
    echo "got    $got"
    echo "wanted $wanted"
    exit 1
}
