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
const REST = 500;		// after the end of a programme, so that it is one
const GUIDE = 10 * MINUTE;

let named = false;
let guideAsked = 0;
let shown = "";			// the channels, to see whether they change

async function nameStation() {
	const { station } = await ask("api/channels");

	tell(find("station"), station);
	document.title = station;
	named = true;
}

function take(answer) {
	const channels = answer.channels;
	const names = JSON.stringify(channels.map((c) =>
	    [c.slug, c.number, c.name]));

	setNow(answer.time_ms);
	showChannels(channels);
	if (names !== shown) {
		showAddresses(channels);
		if (shown === "")
			startWatching();
		shown = names;
	}
	setWatched(channels);
}

async function look() {
	const answer = await ask("api/now");

	if (!named)
		await nameStation();
	take(answer);
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
