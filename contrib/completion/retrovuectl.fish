# Completion of retrovuectl(1) for fish: what its --help names, and the
# channels that a daemon names.

# The verb that stands on the command line, or nothing.
function __retrovuectl_verb
	set -l words (commandline -opc)
	set -l skip no
	for word in $words[2..-1]
		if test $skip = yes
			set skip no
			continue
		end
		switch $word
			case -c --config -s --socket
				set skip yes
			case '-*'
			case '*'
				echo $word
				return
		end
	end
end

# What it takes.
function __retrovuectl_usage
	set -l verb (__retrovuectl_verb)
	test -n "$verb"; and retrovuectl $verb --help 2>/dev/null | sed -n 1p
end

function __retrovuectl_options
	begin
		retrovuectl --help 2>/dev/null |
			awk '/^$/ { part++ } part == 1'
		__retrovuectl_usage
	end | grep -Eo '(^|[[ |])--?[A-Za-z]+' | tr -d '[ |'
end

function __retrovuectl_words
	set -l usage (__retrovuectl_usage)
	if test -z "$usage"
		retrovuectl --help 2>/dev/null |
			awk '/^$/ { part++ } part == 2 && NF { v = $1; $1 = "";
			    print v "\t" $0 }'
	else if string match -qr '[^A-Z]CH([^A-Z]|$)' -- $usage
		retrovuectl channels 2>/dev/null | awk 'NR > 1 { print $1 }'
	else if string match -q '*LEVEL*' -- $usage
		string split ' ' 'error warn info debug'
	end
end

function __retrovuectl_wants_file
	set -l before (commandline -opc)[-1]
	contains -- $before -c --config -s --socket
	or string match -q '*FILE*' -- (__retrovuectl_usage)
end

complete -c retrovuectl -f
complete -c retrovuectl -n 'string match -q -- "-*" (commandline -ct)' \
	-a '(__retrovuectl_options)'
complete -c retrovuectl -a '(__retrovuectl_words)'
complete -c retrovuectl -n __retrovuectl_wants_file -F
