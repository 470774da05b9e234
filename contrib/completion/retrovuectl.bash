# shellcheck shell=bash
# Completion of retrovuectl(1) for bash: what its --help names, and the
# channels that a daemon names.

# The verbs; with one, what it takes.
_retrovuectl_verbs() {
	"$1" --help 2>/dev/null |
	    awk '/^$/ { part++ } part == 2 && NF { print $1 }'
}

_retrovuectl_usage() {
	"$1" "$2" --help 2>/dev/null | sed -n 1p
}

_retrovuectl_options() {
	{
		"$1" --help 2>/dev/null | awk '/^$/ { part++ } part == 1'
		echo "$2"
	} | grep -Eo '(^|[[ |])--?[A-Za-z]+' | tr -d '[ |'
}

_retrovuectl() {
	local ctl=$1 cur=$2 prev=$3 verb='' usage='' words='' i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --config | -s | --socket) ((i++)) ;;
		-*) ;;
		*)
			verb=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	[[ -z $verb ]] || usage=" $(_retrovuectl_usage "$ctl" "$verb") "
	case $prev:$cur:$verb in
	-c:* | --config:* | -s:* | --socket:*) usage=FILE ;;
	*:-*) words=$(_retrovuectl_options "$ctl" "$usage") usage='' ;;
	*:) words=$(_retrovuectl_verbs "$ctl") ;;
	esac
	if [[ $usage =~ [^A-Z]CH[^A-Z] ]]; then
		words=$("$ctl" channels 2>/dev/null |
		    awk 'NR > 1 { print $1 }')
	elif [[ $usage =~ LEVEL ]]; then
		words='error warn info debug'
	fi
	COMPREPLY=()
	if [[ $usage =~ FILE ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$words" \
	    -- "$cur")
}

complete -o filenames -F _retrovuectl retrovuectl
