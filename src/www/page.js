// The station's page: what is on, the guide, a player, and addresses.  It
// asks again when a programme ends, and once a minute.

import { find, tell } from "./dom.js";
import { MINUTE, formatTime, formatZone, now, setNow } from "./time.js";
import { ask } from "./station.js";
import { showChannels, updateChannels } from "./channels.js";
import { refreshGuide, startGuide, updateGuide } from "./guide.js";
import { showAddresses } from "./addresses.js";
import { setWatched, startWatching } from "./watch.js";

const AGAIN = 5_000;		// after a failure
const REST = 500;		// after the end of a programme
const GUIDE = 10 * MINUTE;

let named = false;
let guideAsked = 0;
let shown = "";			// the channels, to see whether they change

function take(channels) {
	const names = JSON.stringify(channels.map((c) =>
	    [c.slug, c.number, c.name]));

	showChannels(channels);
	setWatched(channels);
	if (names === shown)
		return;
	showAddresses(channels);
	if (shown === "")
		startWatching();
	shown = names;
}

// The channels are there, and can be watched, before there is a guide.
async function meet() {
	const { station, channels } = await ask("api/channels");

	tell(find("station"), station);
	document.title = station;
	named = true;
	take(channels.map((c) => ({ ...c, now: null, next: null })));
}

async function look() {
	if (!named)
		await meet();
	const answer = await ask("api/now");

	setNow(answer.time_ms);
	take(answer.channels);
	if (Math.abs(now() - guideAsked) > GUIDE) {
		await refreshGuide();
		guideAsked = now();
	}
	return Math.min(MINUTE, ...answer.channels.map((c) =>
	    Math.max(0, c.now.end_ms - now()))) + REST;
}

async function lookAgain() {
	const trouble = find("trouble");
	let wait = AGAIN;

	try {
		wait = await look();
		trouble.hidden = true;
	} catch (error) {
		trouble.hidden = false;
		tell(trouble, `${error.message} Trying again …`);
	}
	setTimeout(lookAgain, wait);
}

function tick() {
	tell(find("clock"), formatTime(now()));
	tell(find("zone"), formatZone());
	updateChannels();
	updateGuide();
}

startGuide();
lookAgain().then(tick);
setInterval(tick, 1_000);
