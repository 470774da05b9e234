// The house clock, and times as the viewer writes them, in his zone.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

let skew = 0;

// The station's time is what counts: ours may be wrong, or it rehearses.
export function setNow(ms) {
	skew = ms - Date.now();
}

export const now = () => Date.now() + skew;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const date = new Intl.DateTimeFormat(undefined,
    { weekday: "long", day: "numeric", month: "long" });
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "long" });

export const formatTime = (ms) => clock.format(ms);
// "Thu 00:00"
export const formatWeekday = (ms) =>
	`${weekday.format(ms)} ${formatTime(ms)}`;
export const formatSpan = (p) =>
	`${formatTime(p.start_ms)} – ${formatTime(p.end_ms)}`;
export const formatZone = () =>
	zone.formatToParts(now()).find((p) => p.type === "timeZoneName").value;

// Midnight so many days from the one before ms: days have 23 to 25 hours.
export function midnight(ms, days = 0) {
	const d = new Date(ms);

	return new Date(d.getFullYear(), d.getMonth(), d.getDate() + days)
	    .getTime();
}

const NEAR = ["Yesterday", "Today", "Tomorrow"];

export function formatDay(ms) {
	const near = [-1, 0, 1].findIndex((n) => midnight(now(), n) === ms);

	return near < 0 ? date.format(ms) : `${NEAR[near]}, ${date.format(ms)}`;
}

export function formatLeft(ms) {
	const minutes = Math.max(1, Math.round(ms / MINUTE));

	return ms < 1.5 * MINUTE ? "ends in a minute" : minutes < 100 ?
	    `${minutes} min left` : `${Math.round(minutes / 60)} h left`;
}
