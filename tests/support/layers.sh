#!/bin/sh
# layers.sh [LIBCORE]: what may include what, and that the core is pure.
#
# base < plan, ts < air < media < io < programs: a folder includes itself and
# those to its left; plan and ts do not know each other.  LIBCORE is the
# archive of base, plan, ts and air, looked through for calls that would make
# a plan depend on more than its arguments.
set -eu
cd "$(dirname "$0")/../.."

bad=$(
	for f in src/*/*.[ch]; do
		awk '
		BEGIN {
			may["base"] = " base "
			may["plan"] = may["base"] "plan "
			may["ts"] = may["base"] "ts "
			may["air"] = may["base"] "plan ts air "
			may["media"] = may["air"] "media "
			may["io"] = may["media"] "io "
			outer["uv.h"] = " io "
			outer["llhttp.h"] = " io "
			outer["jansson.h"] = outer["sqlite3.h"] = " media io "
			outer["zlib.h"] = " media io "
			split(ARGV[1], part, "/")
			dir = part[2]
			if (!(dir in may))
				say(dir " has no place among the layers")
		}
		function say(why) {
			print FILENAME ":" FNR ": " why
		}
		/^[ \t]*#[ \t]*include[ \t]*"/ {
			split($0, quoted, "\"")
			if (split(quoted[2], path, "/") == 2 &&
			    index(may[dir], " " path[1] " ") == 0)
				say(dir " may not include " quoted[2])
			if (path[1] == "..")
				say("include from src, not from ..")
		}
		/^[ \t]*#[ \t]*include[ \t]*</ {
			name = $0
			gsub(/^[^<]*<|>.*$/, "", name)
			if (name in outer && !index(outer[name], " " dir " "))
				say(dir " may not include <" name ">")
		}' "$f"
	done
)

# Anything that reads a clock, a file, the environment, or rolls dice.
if [ $# -gt 0 ]; then
	impure='open|openat|fopen|read|pread|stat|lstat|opendir|getenv'
	impure="$impure|secure_getenv|time|clock|clock_gettime|gettimeofday"
	impure="$impure|localtime|localtime_r|mktime|tzset|rand|random"
	impure="$impure|drand48|getrandom|syslog|fork|execve|socket"
	bad="$bad$(nm -u "$1" 2>/dev/null | awk -v names="^($impure)(64)?$" '
		/\.o:$/ { object = $1 }
		$1 == "U" {
			sub(/@.*/, "", $2)
			if ($2 ~ names)
				print object " the core may not call " $2 "()"
		}')"
fi

if [ -n "$bad" ]; then
	printf '%s\n' "$bad" >&2
	exit 1
fi
