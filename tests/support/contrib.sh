#!/bin/sh
# contrib.sh: what is in contrib/ is right, as far as it can be told without
# running it as root: the scripts by shellcheck, the unit and its sandbox by
# systemd-analyze where there is one, Kubernetes' station by our own check.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

die() {
	echo "contrib: $*" >&2
	exit 1
}

scripts=$(grep -Elr '^#!.*(sh|openrc-run)$' contrib tests/support .ci)
for s in $scripts; do
	[ -x "$s" ] || die "$s: not executable"
	sed -n '1s/.*openrc-run$/sh/p; 1s/.*[/ ]//p' "$s" >"$tmp/shell"
	"$(head -n 1 "$tmp/shell")" -n "$s"
done
# shellcheck disable=SC2086	# words
shellcheck $scripts

# Below what is the daemon's own user's, root makes and changes nothing.
# shellcheck disable=SC2086	# words
sed -e :a -e '/\\$/N; s/\\\n//; ta' $scripts |
    grep -E '^[^#]*(install|mkdir|chown|checkpath) .*/(run|log|lib)/retrovue/' |
    grep -Ev '(chpst -u|s6-setuidgid) retrovue ' >"$tmp/said" &&
    die "as root: $(cat "$tmp/said")"

# Nor does it signal whatever he writes into a file.
{
	echo 'kill() { echo "$*"; }'
	sed '1,/postrotate/d; /endscript/,$d' contrib/logrotate/retrovue |
	    sed "s|/run/retrovue|$tmp|"
} >"$tmp/rotated"
shellcheck -s sh "$tmp/rotated"
for pid in -1 0 1 "1 2" 00 "-9 1" "$$" "$$ " "" x '*'; do
	echo "$pid" >"$tmp/retrovued.pid"
	said=$(sh -eu "$tmp/rotated") || die "PID '$pid': failed"
	[ -z "$said" ] || die "PID '$pid': kill $said"
done
rm "$tmp/retrovued.pid"
sh -eu "$tmp/rotated" || die "without a PID file it failed"
# shellcheck disable=SC2016	# for the other shell
said=$(sh -eu -c 'printf retrovued >"/proc/$$/comm"
    echo $$ >"$1/retrovued.pid"; . "$1/rotated"' sh "$tmp")
[ "$said" = "-USR1 $(cat "$tmp/retrovued.pid")" ] || die "rotated: '$said'"

if command -v promtool >/dev/null; then
	promtool check config contrib/prometheus/prometheus.yml \
	    >"$tmp/said" 2>&1 || die "promtool: $(cat "$tmp/said")"
fi

if command -v systemd-analyze >/dev/null; then
	unit=$tmp/retrovued.service
	sed 's|/usr/local/s*bin/retrovue[a-z]*|/bin/true|' \
	    contrib/systemd/retrovued.service >"$unit"
	systemd-analyze verify --man=no --recursive-errors=no "$unit" \
	    >"$tmp/said" 2>&1 || :
	[ ! -s "$tmp/said" ] || die "systemd-analyze verify: $(cat "$tmp/said")"
	# Tenths.
	systemd-analyze security --offline=true --threshold=20 "$unit" \
	    >"$tmp/said" 2>&1 || die "exposed too much: $(grep -v ✓ "$tmp/said")"
	systemd-sysusers --dry-run "$PWD/contrib/systemd/sysusers.conf" \
	    >"$tmp/said" 2>&1 || die "sysusers: $(cat "$tmp/said")"
fi

"${PYTHON:-/usr/bin/python3}" - "$tmp" <<'END'
import pathlib
import sys
import yaml

kinds = set()
with open("contrib/kubernetes/retrovue.yaml", encoding="utf-8") as f:
    for document in yaml.safe_load_all(f):
        kinds.add(document["kind"])
        if document["kind"] == "ConfigMap":
            for name, text in document["data"].items():
                (pathlib.Path(sys.argv[1]) / name).write_text(text)
assert kinds == {"ConfigMap", "Deployment", "Service", "Ingress"}, kinds
END
"$build/retrovued" -n -c "$tmp/retrovued.yaml" >/dev/null
