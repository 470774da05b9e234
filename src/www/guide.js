// The guide of one day, from midnight where the viewer is to the end of the
// night that follows: a grid where there is room for one, else a list of one
// channel.

import { find, make, tell } from "./dom.js";
import { HOUR, formatDay, midnight, now } from "./time.js";
import { ask } from "./station.js";
import { makeGrid } from "./grid.js";
import { makeList } from "./list.js";

const NIGHT = 6 * HOUR;		// of the day after

const narrow = matchMedia("(max-width: 44rem)");

let day;			// its midnight
let text = "";			// the answer that is shown
let channels = [];
let view;			// a grid or a list
let current = false;		// what is on now is in it

const endOfDay = () => midnight(day, 1) + NIGHT;
const isToday = () => day === midnight(now());

function showDay() {
	// There is no guide beyond its end, nor before yesterday.
	find("day-on").disabled = channels.every((c) =>
	    (c.programmes.at(-1)?.end_ms ?? 0) <= midnight(day, 1));
	find("day-back").disabled = day < midnight(now());
}

function show() {
	const time = view?.time();
	const to = endOfDay();

	view = (narrow.matches ? makeList : makeGrid)(channels, day, to);
	find("grid").replaceChildren(view.element);
	find("guide-hint").hidden = narrow.matches;
	showDay();
	updateGuide();
	view.goTo(time >= day && time < to ? time : isToday() ? now() : day);
}

async function load() {
	const asked = day;
	const answer = await ask(`api/guide?from=${day}&to=${endOfDay()}`);
	const got = JSON.stringify(answer);

	// Who is quick with the buttons has asked for another one meanwhile.
	if (asked !== day || text === got)
		return;
	text = got;
	channels = answer.channels;
	show();
}

async function goToDay(ms) {
	day = ms;
	current = false;
	try {
		await load();
	} catch (error) {
		find("grid").replaceChildren(make("p", null, error.message));
		text = "";
	}
}

async function goToNow() {
	if (!isToday())
		await goToDay(midnight(now()));
	view?.goTo(now());
}

// Ask anew; what is shown stays where it is unless it has changed.
export async function refreshGuide() {
	day ??= midnight(now());
	await load();
}

// What shows today goes on to the next day with the end of the night.
export function updateGuide() {
	if (view === undefined)
		return;
	view.update(now());
	tell(find("day"), formatDay(day));
	if (now() >= endOfDay() && current)
		goToNow();
	current = now() >= day && now() < endOfDay();
}

export function startGuide() {
	const on = (id, fn) => find(id).addEventListener("click", fn);

	on("day-back", () => goToDay(midnight(day, -1)));
	on("day-on", () => goToDay(midnight(day, 1)));
	on("time-back", () => view?.move(-1));
	on("time-on", () => view?.move(1));
	on("time-now", goToNow);
	narrow.addEventListener("change", () => channels.length && show());
}
