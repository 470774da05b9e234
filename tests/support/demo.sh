#!/usr/bin/env bash
# demo.sh [DIR]: a small station to try Retrovue with, in DIR (./demo).
#
# Two series, a film, commercials, bumpers, station ids and two fillers, all
# drawn by ffmpeg.  Every picture tells its file, what the planner should know
# of it at that moment (intro, avail, outro ...), its time and its frame
# number; every file has a pitch of its own, and beeps when the square at the
# top flashes.  So what airs can be checked by eye and ear.
#
# Made once: a later run finds the stamp and leaves everything as it is.
set -eu

size=640x360
jobs=2				# ffmpegs at a time
total=20
stamp=.demo
version=3

die() {
	echo "demo: $*" >&2
	exit 1
}

dir=${1:-./demo}
if [ -e "$dir/$stamp" ]; then
	[ "$(cat "$dir/$stamp")" = "$version" ] ||
	    echo "demo: $dir is another version's; delete it to renew it"
	exit 0
fi
[ ! -d "$dir" ] || rmdir "$dir" 2>/dev/null ||
    die "$dir is there and is no demo: name another directory"
[ ! -e "$dir" ] || die "$dir is in the way"
command -v ffmpeg >/dev/null || die "ffmpeg is not installed"

# Built beside its place and renamed at the end: a demo is whole or not there.
mkdir -p "$(dirname "$dir")"
tmp=$(mktemp -d "${dir%/}.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null || :; wait; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# find_font FILE: where this system keeps that font of the DejaVu family.
find_font() {
	local d

	for d in truetype/dejavu dejavu-sans-fonts dejavu-sans-mono-fonts \
	    TTF dejavu; do
		if [ -e "/usr/share/fonts/$d/$1" ]; then
			echo "fontfile=/usr/share/fonts/$d/$1"
			return
		fi
	done
	echo "font=Sans"
}

sans=$(find_font DejaVuSans-Bold.ttf)
mono=$(find_font DejaVuSansMono.ttf)

# text FONT SIZE Y TEXT [OPTIONS]: a line of text in a dark box, centred.
text() {
	printf ",drawtext=%s:fontsize=%s:x=(w-tw)/2:y=%s:text='%s'" \
	    "$1" "$2" "$3" "$4"
	printf ':fontcolor=white:box=1:boxcolor=black@0.75:boxborderw=8%s' \
	    "${5:-}"
}

# A marker is KIND:START[:END], in seconds.

# labels MARKER...: filters that show each marker while it lasts, a point
# for two seconds.
labels() {
	local m kind start end label

	for m; do
		IFS=: read -r kind start end <<<"$m"
		label=${kind^^}
		if [ "$kind" = avail ] && [ -n "$end" ]; then
			label='OLD COMMERCIAL - NEVER AIRS'
		fi
		[ -n "$end" ] || end=$((start + 2))
		text "$sans" 30 230 "$label" \
		    ":fontcolor=yellow:enable='gte(t,$start)*lt(t,$end)'"
	done
}

# chapters DURATION MARKER...: the same as chapters for the container.
chapters() {
	local duration=$1 m kind start end at=0

	shift
	echo ';FFMETADATA1'
	[ $# -gt 0 ] || return 0
	for m in "$@" "end:$duration"; do
		IFS=: read -r kind start end <<<"$m"
		[ "$start" -gt "$at" ] || continue
		printf '[CHAPTER]\nTIMEBASE=1/1\nSTART=%s\nEND=%s\n' \
		    "$at" "$start"
		printf 'title=Part at %s s\n' "$at"
		at=$start
	done
}

# sidecar TITLE MARKER...: the YAML file that goes beside the media file.
sidecar() {
	local m kind start end

	printf 'title: "%s"\n' "$1"
	shift
	[ $# -eq 0 ] || echo 'markers:'
	for m; do
		IFS=: read -r kind start end <<<"$m"
		printf '  - {kind: %s, start: %s%s}\n' "$kind" "$start" \
		    "${end:+, end: $end}"
	done
}

# title_of FILE TITLE SUBTITLE: an episode is called by its own name.
title_of() {
	case $1 in
	*/shows/*) echo "$3" ;;
	*) echo "$2" ;;
	esac
}

# encode FILE RATE HZ CHANNELS PITCH SOURCE DURATION TITLE SUBTITLE MARKER...
# SOURCE is lavfi's, with SIZE and RATE to be filled in.  Becomes ffmpeg, so
# that a kill reaches it.
encode() {
	local file=$1 rate=$2 hz=$3 channels=$4 pitch=$5 source=$6 length=$7
	local title=$8 subtitle=$9 picture meta=$tmp/chapters.$made

	shift 9
	source=${source//SIZE/$size}
	source=${source//RATE/$rate}
	chapters "$length" "$@" >"$meta"
	picture="drawbox=x=290:y=8:w=60:h=36:c=white:t=fill"
	picture+=":enable='lt(mod(t,1),0.08)'"
	picture+=$(text "$sans" 44 70 "$title")
	picture+=$(text "$sans" 26 150 "$subtitle")
	picture+=$(labels "$@")
	picture+=$(text "$mono" 30 300 '%{pts\:hms}  frame %{eif\:n\:d\:5}')
	exec ffmpeg -nostdin -hide_banner -loglevel error \
	    -f lavfi -i "$source" \
	    -f lavfi -i "sine=f=$pitch:beep_factor=3:sample_rate=$hz" \
	    -f ffmetadata -i "$meta" \
	    -map 0:v -map 1:a -map_metadata 2 -map_chapters 2 -t "$length" \
	    -vf "setsar=1,format=yuv420p,$picture" \
	    -metadata title="$(title_of "$file" "$title" "$subtitle")" \
	    -c:v libx264 -preset ultrafast -crf 30 -g 60 -threads 1 \
	    -c:a aac -b:a 96k -ac "$channels" "$file" </dev/null
}

made=0
running=0

# One ffmpeg has ended; all must end well.
collect() {
	wait -n || die "ffmpeg failed"
	running=$((running - 1))
}

# clip FILE ...: encode() in the background, never more than $jobs.
clip() {
	local file=$tmp/media/$1

	shift
	[ "$running" -lt "$jobs" ] || collect
	made=$((made + 1))
	printf 'demo: %2d/%d  %s: %s\n' "$made" "$total" "$7" "$8"
	mkdir -p "$(dirname "$file")"
	if [ $# -gt 8 ]; then
		sidecar "$(title_of "$file" "$7" "$8")" "${@:9}" >"$file.yaml"
	fi
	encode "$file" "$@" &
	running=$((running + 1))
}

# ---- pictures to tell files apart
test='testsrc2=s=SIZE:r=RATE'
bars='smptehdbars=s=SIZE:r=RATE'
pal='pal75bars=s=SIZE:r=RATE'
rgb='rgbtestsrc=s=SIZE:r=RATE'
small='s=160x90:r=RATE'
big='format=yuv420p,scale=640:360:flags=neighbor'
life="life=$small:seed=1:mold=10:ratio=0.2:life_color=lime"
life+=":death_color=navy:mold_color=teal,$big"
cells="cellauto=$small:seed=2:rule=110,$big"
fractal="mandelbrot=$small:maxiter=500,$big"
plain() { echo "color=c=$1:s=SIZE:r=RATE"; }
fade() { echo "gradients=$small:c0=$1:c1=$2:seed=3:n=2,$big"; }

# ---- what there is to see
ntsc=30000/1001
film=24000/1001
harbor='shows/Harbor Lights/Season 01/Harbor Lights - S01E0'
night='shows/Night Shift/Season 01/Night Shift - S01E0'

began=$(date +%s)
clip 'films/The Long Signal (1974).mkv' 25 48000 2 180 "$fractal" 100 \
    'The Long Signal' 'A film' \
    intro:0:8 chapter:34 chapter:66 outro:92:100
clip "${harbor}1 - The Ferry.mkv" $ntsc 48000 2 220 "$test" 48 \
    'Harbor Lights 1' 'The Ferry' intro:0:5 avail:17 avail:31 outro:43:48
clip "${harbor}2 - Low Tide.mkv" $ntsc 48000 2 247 "$test" 52 \
    'Harbor Lights 2' 'Low Tide' intro:0:5 avail:24:29 outro:47:52
clip "${harbor}3 - Fog.mkv" $ntsc 48000 2 262 "$test" 45 \
    'Harbor Lights 3' 'Fog' intro:0:5 chapter:22 outro:40:45
clip "${night}1 - Ward Six.mkv" $film 44100 2 294 "$life" 42 \
    'Night Shift 1' 'Ward Six'
clip "${night}2 - The Long Hours.mkv" $film 44100 2 330 "$life" 55 \
    'Night Shift 2' 'The Long Hours' intro:0:4 bumper:26:28 avail:28 \
    outro:51:55
clip "${night}3 - Code Blue.mkv" $film 44100 2 349 "$life" 50 \
    'Night Shift 3' 'Code Blue' intro:0:4 avail:15 avail:30 outro:46:50
clip "${night}4 - Dawn.mkv" $film 44100 2 392 "$life" 40 \
    'Night Shift 4' 'Dawn' intro:0:4 avail:20 outro:36:40
clip filler/stand-by.mkv 25 48000 2 110 "$(fade navy purple)" 20 \
    'Please stand by' 'Filler'
clip filler/coming-up.mkv $film 44100 2 131 "$(fade darkgreen teal)" 13 \
    'Coming up' 'Filler'
clip 'commercials/Cola.mp4' $ntsc 48000 2 440 "$(plain firebrick)" 15 \
    'Cola' 'Commercial, 15 s'
clip 'commercials/Soap Flakes.mp4' 25 44100 1 494 "$(plain steelblue)" 10 \
    'Soap Flakes' 'Commercial, 10 s'
clip 'commercials/Motor Oil.flv' 25 44100 2 523 "$pal" 10 \
    'Motor Oil' 'Commercial, 10 s'
clip 'commercials/Breakfast.mp4' $film 48000 2 587 "$(plain darkorange)" 7 \
    'Breakfast' 'Commercial, 7 s'
clip 'commercials/Telephones.ts' $ntsc 48000 2 659 "$rgb" 5 \
    'Telephones' 'Commercial, 5 s'
clip 'commercials/Garden Hose.mp4' $film 44100 2 698 "$(plain green)" 5 \
    'Garden Hose' 'Commercial, 5 s'
clip bumpers/to-break.mp4 $ntsc 48000 2 784 "$cells" 3 \
    'We will be right back' 'Bumper'
clip bumpers/from-break.mp4 $ntsc 48000 2 880 "$cells" 3 \
    'And now back' 'Bumper'
clip ids/one.mp4 $ntsc 48000 2 988 "$bars" 5 'Channel One' 'Station id'
clip ids/two.mp4 25 48000 2 1047 "$pal" 5 'Channel Two' 'Station id'
while [ "$running" -gt 0 ]; do
	collect
done
rm "$tmp"/chapters.*
[ "$made" -eq "$total" ] || die "made $made files, not $total"

# ---- the station
mkdir "$tmp/channels"
cat >"$tmp/retrovued.yaml" <<'END'
# The demo station.  Relative paths, those in channel files too, are relative
# to this file.
station: {name: Retrovue Demo}
http: {listen: ["127.0.0.1:8080"]}
control: {socket: run/control.sock}
paths: {state: state, log: log, asrun: log/asrun}
libraries:
  - {path: media/shows, type: episode}
  - {path: media/films, type: movie}
  - {path: media/commercials, type: commercial}
  - {path: media/bumpers, type: bumper}
  - {path: media/ids, type: station_id}
  - {path: media/filler, type: filler}
channels: channels
END
cat >"$tmp/channels/one.yaml" <<'END'
# Two series, one after the other, with commercials in their breaks.
channel: one
channel_number: 1
name: One
timezone: UTC
day_start: "00:00"
format:
  video: {width: 640, height: 360, frame_rate: "30000/1001", bitrate: 1200k}
  audio: {sample_rate: 48000, channels: 2, bitrate: 128k}
  grid_minutes: 1
filler: media/filler/stand-by.mkv
pools:
  harbor: {path: media/shows/Harbor Lights}
  night: {path: media/shows/Night Shift}
schedule:
  all_day:
    - block:
        start: "00:00"
        duration: 24h
        pool: [harbor, night]
        mode: sequential
END
cat >"$tmp/channels/two.yaml" <<'END'
# European, 25 pictures a second: by day a film and episodes in turn, shuffled;
# by night whatever is drawn.  What fills the gaps is one reel of two files.
channel: two
channel_number: 2
name: Two
timezone: UTC
day_start: "00:00"
format:
  video: {width: 854, height: 480, frame_rate: "25", bitrate: 1500k}
  audio: {sample_rate: 48000, channels: 2, bitrate: 128k}
  grid_minutes: 1
filler: {pool: reels}
pools:
  films: {path: media/films}
  shows: {path: media/shows}
  reels: {path: media/filler}
schedule:
  all_day:
    - block:
        start: "06:00"
        end: "22:00"
        pool: [films, shows]
        mode: shuffle
    - block:
        start: "22:00"
        end: "06:00"
        pool: [films, shows]
        mode: random
END

mkdir "$tmp/run" "$tmp/state" "$tmp/log"
echo "$version" >"$tmp/$stamp"
chmod 755 "$tmp"
mv -T "$tmp" "$dir"
trap - EXIT
echo "demo: $dir is ready ($(($(date +%s) - began)) s)"
