#!/bin/sh
# deps.sh build|demo|check: sees to it that what is needed is installed.
#
# On Debian and its kin only what is missing is installed, with apt-get;
# elsewhere what is missing is named.  Silent where nothing is.
set -eu

build='gcc make pkg-config libc6-dev libuv1-dev libyaml-dev libjansson-dev
    libsqlite3-dev libxml2-dev zlib1g-dev libseccomp-dev libbitstream-dev
    libcurl4-openssl-dev tzdata'
demo='ffmpeg fonts-dejavu-core'
check='libcmocka-dev python3 python3-pytest python3-pytest-xdist python3-requests python3-yaml
    clang mandoc shellcheck libfaketime curl iproute2 util-linux
    hdhomerun-config xmltv-util chromium firefox-esr strace'

die() {
	echo "deps: $*" >&2
	exit 1
}

case ${1:-} in
build)	want=$build ;;
demo)	want="$build $demo" ;;
check)	want="$build $demo $check"
	# It may have come with another package.
	command -v npm >/dev/null || want="$want npm" ;;
*)	die "usage: $0 build|demo|check" ;;
esac

# ---- Debian

# installed PACKAGE...: those of them that are.
installed() {
	# It fails where one is unknown; what it prints is right all the same.
	dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' "$@" \
	    2>/dev/null | sed -n 's/^ii *\([^:]*\).*/\1/p'
}

# The packages of $want that are missing; $llhttp is one whose name depends
# on the release.
find_missing() {
	# shellcheck disable=SC2086	# words
	have=" $(installed $want libllhttp-dev node-llhttp | tr '\n' ' ') "
	missing=
	for p in $want; do
		case $have in
		*" $p "*) ;;
		*) missing="$missing $p" ;;
		esac
	done
	case $have in
	*" libllhttp-dev "* | *" node-llhttp "*) llhttp= ;;
	*) llhttp=yes ;;
	esac
}

# The library where apt has it, else its source, which Node's package holds.
choose_llhttp() {
	if apt-cache show libllhttp-dev >/dev/null 2>&1; then
		echo libllhttp-dev
	else
		echo node-llhttp
	fi
}

# apt ARGUMENT...: its output only where it fails.
apt() {
	if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qqy \
	    -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$log" 2>&1; then
		cat "$log" >&2
		return 1
	fi
}

install_missing() {
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || die "as root: apt-get install" \
		    "$missing ${llhttp:+libllhttp-dev (or node-llhttp)}"
		sudo=sudo
	fi
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	apt update || echo "deps: apt-get update failed; going on" >&2
	[ -z "$llhttp" ] || missing="$missing $(choose_llhttp)"
	echo "deps: installing$missing"
	# shellcheck disable=SC2086	# words
	apt install --no-install-recommends $missing ||
	    die "could not install$missing"
}

# ---- anything else

python=${PYTHON:-/usr/bin/python3}

# need PACKAGE COMMAND...: PACKAGE is missing where COMMAND fails.
need() {
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}

# header FILE: the C compiler finds it.
header() {
	echo "#include <$1>" | ${CC:-cc} -E - >/dev/null
}

llhttp_is_there() {
	pkg-config --exists libllhttp || [ -e /usr/share/llhttp/llhttp.c ]
}

firefox_is_there() {
	command -v firefox-esr || command -v firefox
}

need_build() {
	need gcc command -v "${CC:-cc}"
	need make command -v make
	need pkg-config command -v pkg-config
	need libc6-dev header stdio.h
	need libuv1-dev header uv.h
	need libyaml-dev header yaml.h
	need libjansson-dev header jansson.h
	need libsqlite3-dev header sqlite3.h
	need libxml2-dev pkg-config --exists libxml-2.0
	need zlib1g-dev header zlib.h
	need libseccomp-dev header seccomp.h
	need libbitstream-dev header bitstream/mpeg/ts.h
	need libcurl4-openssl-dev header curl/curl.h
	need libllhttp-dev llhttp_is_there
	need tzdata test -e /usr/share/zoneinfo/UTC
}

need_demo() {
	need ffmpeg command -v ffmpeg
	need ffmpeg command -v ffprobe
}

need_check() {
	need libcmocka-dev pkg-config --exists cmocka
	need python3 command -v "$python"
	need python3-pytest "$python" -c 'import pytest'
	need python3-pytest-xdist "$python" -c 'import xdist'
	need python3-requests "$python" -c 'import requests'
	need python3-yaml "$python" -c 'import yaml'
	need clang command -v clang
	need mandoc command -v mandoc
	need npm command -v npm
	need chromium command -v chromium
	need firefox-esr firefox_is_there
	need xmltv-util command -v tv_validate_file
	need shellcheck command -v shellcheck
	need hdhomerun-config command -v hdhomerun_config
	need strace command -v strace
	need curl command -v curl
	need iproute2 command -v ip
	need util-linux command -v nsenter
}

find_missing_by_hand() {
	missing=
	need_build
	[ "$1" = build ] || need_demo
	[ "$1" != check ] || need_check
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
	find_missing
	[ -z "$missing$llhttp" ] || install_missing
else
	find_missing_by_hand "$1"
	[ -z "$missing" ] || die "please install (by Debian's names):$missing"
fi
