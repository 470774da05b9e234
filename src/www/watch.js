// The player.  Which channel it plays stands in the page's address ("#/one"),
// so that one can be linked to, and Back goes back.
//
// hls.js plays where it is built in and can (it needs Media Source Extensions);
// else the browser plays HLS itself, if it does: Safari's way is a good one,
// Chromium's fails on channels that are just being started.  Who can do neither
// is told how to watch.

import { find, make, tell } from "./dom.js";
import { formatSpan, formatTime } from "./time.js";
import { UNKNOWN, hlsOf, streamOf, subtitleOf } from "./station.js";
import { makeAddress } from "./addresses.js";
import { watchLink } from "./channels.js";

const PATIENCE = 25_000;	// a channel that was off the air needs some
const AGAIN = 4_000;
const STALL = 15_000;		// without a new picture, though not paused
const TYPE = "application/vnd.apple.mpegurl";

const video = find("video");
const pageTitle = () => find("station").textContent;

let channels = [];
let watched = null;
let started = 0;		// counts: what an older start does is void
let player = null;		// hls.js
let playing = false;		// there has been a picture
let moved = { at: 0, time: 0 };	// when the picture last moved

const say = (...what) => find("watch-state").replaceChildren(...what);

function release() {
	started++;
	playing = false;
	player?.destroy();
	player = null;
	video.removeAttribute("src");
	video.load();
}

// A promise of a picture: true, or false where it does not come.
function picture() {
	return new Promise((resolve) => {
		const end = (seen) => () => {
			clearTimeout(timer);
			video.removeEventListener("loadeddata", yes);
			video.removeEventListener("error", no);
			resolve(seen);
		};
		const yes = end(true), no = end(false);
		const timer = setTimeout(no, PATIENCE);

		video.addEventListener("loadeddata", yes);
		video.addEventListener("error", no);
	});
}

function playNative(address) {
	video.src = address;
	return picture();
}

function onTrouble(Hls, data) {
	if (!data.fatal)
		return;
	if (data.type === Hls.ErrorTypes.MEDIA_ERROR)
		player.recoverMediaError();
	else
		startAgain();
}

// An empty file stands in for hls.js where it is not built in.
async function playWithHls(address, mine) {
	await import("./hls.js").catch(() => null);
	const Hls = globalThis.Hls;

	if (mine !== started || !Hls?.isSupported())
		return null;
	player = new Hls({ enableWorker: false, backBufferLength: 30 });
	player.on(Hls.Events.ERROR, (_, data) => onTrouble(Hls, data));
	player.loadSource(address);
	player.attachMedia(video);
	return picture();
}

function sayHow(channel) {
	say("This browser cannot play the channel by itself. VLC, mpv and ",
	    "others can: ", makeAddress(streamOf(channel), "stream"));
}

function startAgain() {
	const mine = ++started;

	say("The channel does not answer. Trying again …");
	setTimeout(() => mine === started && start(watched), AGAIN);
}

async function start(channel) {
	release();
	const mine = started, address = hlsOf(channel);

	say("Tuning in …");
	let seen = await playWithHls(address, mine);

	if (mine === started && seen === null && video.canPlayType(TYPE) !== "")
		seen = await playNative(address);
	if (mine !== started)
		return;
	if (seen === null) {
		release();
		sayHow(channel);
	} else if (!seen) {
		startAgain();
	} else {
		say();
		playing = true;
		moved = { at: Date.now(), time: video.currentTime };
		// Not every browser plays before it was asked to.
		video.play().catch(() => say("Press play."));
	}
}

// hls.js has a way of its own to say so.
function onError() {
	if (playing && player === null)
		start(watched);
}

function lookAfter() {
	if (!playing || video.paused || video.currentTime !== moved.time)
		moved = { at: Date.now(), time: video.currentTime };
	else if (Date.now() - moved.at > STALL)
		start(watched);
}

function showWatched(announce) {
	const { now, next } = watched;
	const on = now ?? UNKNOWN;
	const title = `${watched.number} ${watched.name}`;

	tell(find("watch-title"), title);
	video.setAttribute("aria-label", `${title}, live`);
	find("watch-now").replaceChildren(
	    make("p", { class: "title" }, on.title),
	    make("p", { class: "subtitle" }, subtitleOf(on)),
	    make("p", { class: "times" }, now === null ? "" :
		formatSpan(on)),
	    make("p", { class: "next" }, next === null ? "" :
		`${formatTime(next.start_ms)}  ${next.title}`));
	document.title = [on.title, watched.name, pageTitle()].filter(Boolean)
	    .join(" – ");
	if (announce)
		tell(find("live"), `Now on ${title}: ${on.title}`);
}

function stop() {
	release();
	say();
	watched = null;
	find("watch").hidden = true;
	document.title = pageTitle();
}

const inAddress = () => channels.find((c) =>
    watchLink(c) === location.hash);

function tune() {
	const channel = inAddress();

	if (channel === undefined) {
		// The guide has a place of its own in the address.
		if (watched !== null && location.hash === "")
			stop();
		return;
	}
	if (channel.slug === watched?.slug)
		return;
	watched = channel;
	find("watch").hidden = false;
	showWatched(false);
	find("watch-title").focus();
	start(channel);
}

// The channel that many before or after this one, round and round.
function zap(by) {
	const i = channels.findIndex((c) => c.slug === watched?.slug);

	location.hash = watchLink(channels.at((i + by) % channels.length));
}

// What is on has been asked for again.
export function setWatched(all) {
	const before = watched;

	channels = all;
	watched = watched && all.find((c) => c.slug === watched.slug) || null;
	if (watched !== null)
		showWatched(watched.now?.event_id !== before.now?.event_id);
	else if (before !== null)
		stop();
}

export function startWatching() {
	find("watch-down").addEventListener("click", () => zap(-1));
	find("watch-up").addEventListener("click", () => zap(1));
	find("watch-stop").addEventListener("click", () => {
		history.pushState(null, "", location.pathname);
		stop();
		find("now-title").focus();
	});
	video.addEventListener("error", onError);
	setInterval(lookAfter, 1_000);
	addEventListener("hashchange", tune);
	addEventListener("popstate", tune);
	tune();
}
