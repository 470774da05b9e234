#!/bin/sh
# hardening.sh PROGRAM ...: each of them is built so that what goes wrong in it
# ends it, rather than being of use to somebody.
#
# Asked of readelf: position-independent; no stack and no segment that is both
# written and executed; relocations read-only once they are done, all at the
# start; and, as symbols show, stack protector and checked string functions.

set -u
status=0

fail() {
	echo "$program: $1" >&2
	status=1
}

# has PATTERN TEXT: what is wrong where no line matches.
has() {
	printf '%s\n' "$seen" | grep -Eq "$1" || fail "$2"
}

hasnt() {
	! printf '%s\n' "$seen" | grep -Eq "$1" || fail "$2"
}

for program; do
	seen=$(LC_ALL=C readelf -W -h -l -d --dyn-syms "$program") || {
		fail "readelf cannot read it"
		continue
	}
	has 'Type: +DYN' "not position-independent"
	has 'FLAGS_1.* PIE' "not position-independent"
	has 'GNU_STACK .* RW +0x' "its stack can be executed"
	hasnt 'LOAD .* RWE ' "a segment is both written and executed"
	has 'GNU_RELRO' "its relocations stay writable"
	has 'FLAGS.* (BIND_)?NOW' "its symbols are looked up at any time"
	hasnt '\(TEXTREL\)' "its text is relocated"
	hasnt '\((RPATH|RUNPATH)\)' "it says where its libraries are"
	has ' __stack_chk_fail' "without stack protector"
	# Not every libc has them.
	if printf '#include <features.h>\n__GLIBC__' | ${CC:-cc} -E - \
	    2>/dev/null | grep -q '^[0-9]'; then
		has ' __[a-z]+_chk(@| |$)' "without _FORTIFY_SOURCE"
	fi
done
exit $status
