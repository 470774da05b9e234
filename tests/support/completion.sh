#!/bin/sh
# completion.sh: what the shells complete of retrovuectl is what it has: every
# verb, every option of every verb, and what a verb takes.  bash is there; zsh
# and fish are asked where they are.
set -eu
cd "$(dirname "$0")/../.."
build=$(cd "${BUILD:-build}" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
PATH=$build:$PATH
HOME=$tmp
export PATH HOME

die() {
	echo "completion: $*" >&2
	exit 1
}

# ask_SHELL WORD...: what the last word may become, one a line.
ask_bash() {
	bash -c '
		. contrib/completion/retrovuectl.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_retrovuectl retrovuectl "${COMP_WORDS[-1]}" \
		    "${COMP_WORDS[-2]}"
		printf "%s\n" "${COMPREPLY[@]}"' - "$@" | sort -u
}

# Its completion runs from within its editor only: here it gets what that
# would have for it.
ask_zsh() {
	# shellcheck disable=SC2016	# for zsh
	zsh -fc '
		words=("$@") CURRENT=$#
		compadd() { shift; print -rl -- "${(@M)@:#$words[CURRENT]*}" }
		_files() { print -rl -- $words[CURRENT]*(N) }
		complete_it() { source contrib/completion/_retrovuectl }
		complete_it' - "$@" | sed '/^$/d' | sort -u
}

ask_fish() {
	# shellcheck disable=SC2016	# for fish
	fish --no-config -c '
		source contrib/completion/retrovuectl.fish
		complete -C (string join " " -- $argv)' -- "$@" |
	    cut -f 1 | sort -u
}

# same WHAT, with what is there in $tmp/is and what should be in $tmp/want
same() {
	sort -u -o "$tmp/want" "$tmp/want"
	cmp -s "$tmp/want" "$tmp/is" ||
	    die "$shell: $1: $(diff "$tmp/want" "$tmp/is")"
}

# The tables in the source have the verbs, and the options of all of them.
verbs=$(sed -n '/^static const struct verb verbs/,/^};/s/^	{ "\([a-z]*\)".*/\1/p' \
    src/retrovuectl*.c src/ctl_*.c)
[ -n "$verbs" ] || die 'where are the verbs?'
common='--config --help --json --socket --version -V -c -h -s'

longs=$(sed -n '/struct option longs/,/};/s/.*{ "\([a-z]*\)".*/--\1/p' \
    src/retrovuectl.c)
[ -n "$longs" ] || die 'where are the options?'

judge() {
	: >"$tmp/all"
	"ask_$shell" retrovuectl '' >"$tmp/is"
	echo "$verbs" >"$tmp/want"
	same verbs
	for verb in $verbs; do
		"ask_$shell" retrovuectl -s x "$verb" - >"$tmp/is"
		cat "$tmp/is" >>"$tmp/all"
		retrovuectl "$verb" --help | sed -n 1p | grep -Eo \
		    '[[ |]--?[a-z]+' | tr -d '[ |' >"$tmp/want" || :
		echo "$common" | tr ' ' '\n' >>"$tmp/want"
		same "$verb's options"
	done
	for long in $longs; do
		grep -qxe "$long" "$tmp/all" || die "$shell: no $long"
	done
	"ask_$shell" retrovuectl log w >"$tmp/is"
	echo warn >"$tmp/want"
	same 'log'
	"ask_$shell" retrovuectl diff READ >"$tmp/is"
	echo README >"$tmp/want"
	same 'a file'
}

for shell in bash zsh fish; do
	! command -v "$shell" >/dev/null || judge
done
