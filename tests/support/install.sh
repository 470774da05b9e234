#!/bin/sh
# install.sh: what `make install' puts somewhere works there and names the
# paths that it has there; `make uninstall' takes all of it away again and
# nothing else.  Leaves programs behind that know other paths: make all.
set -eu
cd "$(dirname "$0")/../.."
make=${MAKE:-make}
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT
root=$dest/root

die() {
	echo "install: $*" >&2
	exit 1
}

# run TARGET
run() {
	# shellcheck disable=SC2086	# words
	$make -s BUILD="${BUILD:-build}" DESTDIR="$root" PREFIX=/opt/tv \
	    SYSCONFDIR=/opt/etc RUNDIR=/opt/run LOCALSTATEDIR=/opt/var \
	    INIT="systemd sysvinit runit s6" "$1" >"$dest/said" 2>&1 ||
	    die "$1: $(cat "$dest/said")"
}

# What the operator has is none of our business.
mkdir -p "$root/opt/etc/retrovue/channels" "$root/opt/etc/default"
echo mine >"$root/opt/etc/retrovue/retrovued.yaml"
echo mine >"$root/opt/etc/default/retrovued"
(cd "$root" && find . -type f | sort) >"$dest/before"

run install
run install
for program in sbin/retrovued bin/retrovuectl; do
	"$root/opt/tv/$program" --version | grep -q '^retrovue' ||
	    die "$program --version"
	"$root/opt/tv/$program" --help | grep -q /opt/etc/retrovue/ ||
	    die "$program does not know its configuration's place"
done
for file in libexec/retrovue/retrovue-exec share/man/man8/retrovued.8 \
    share/man/man5/retrovue.yaml.5 share/man/man1/retrovuectl.1 \
    share/bash-completion/completions/retrovuectl \
    share/zsh/site-functions/_retrovuectl \
    share/fish/vendor_completions.d/retrovuectl.fish \
    share/doc/retrovue/README share/doc/retrovue/COPYING \
    share/doc/retrovue/examples/retrovued.yaml \
    share/doc/retrovue/contrib/haproxy/haproxy.cfg \
    lib/systemd/system/retrovued.service lib/sysusers.d/retrovue.conf \
    lib/tmpfiles.d/retrovue.conf; do
	[ -s "$root/opt/tv/$file" ] || die "no $file"
done
for script in init.d/retrovued sv/retrovued/run sv/retrovued/log/run \
    s6/sv/retrovued/run; do
	[ -x "$root/opt/etc/$script" ] || die "$script"
	sh -n "$root/opt/etc/$script"
done
elsewhere='/usr/local/|[^t]/etc/retrovue|[^t]/run/retrovue|[^t]/var/l'
if grep -rIE "$elsewhere" "$root/opt"; then
	die "these are not the paths that it was installed to"
fi
mandoc -T lint -W warning "$root"/opt/tv/share/man/man*/*
"$root/opt/tv/bin/retrovuectl" -c \
    "$root/opt/tv/share/doc/retrovue/examples/retrovued.yaml" validate \
    >/dev/null

run uninstall
(cd "$root" && find . -type f | sort) >"$dest/after"
cmp -s "$dest/before" "$dest/after" ||
    die "left or lost: $(diff "$dest/before" "$dest/after")"
left=$(find "$root" -mindepth 1 -name '*retrovue*' ! -path '*/opt/etc/*')
[ -z "$left" ] || die "left: $left"
left=$(find "$root/opt/etc" -type d -name 'retrovued')
[ -z "$left" ] || die "left: $left"
[ "$(cat "$root/opt/etc/retrovue/retrovued.yaml")" = mine ] || die "lost"
