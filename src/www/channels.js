// What is on now and next on every channel, a card each.

import { find, make, tell } from "./dom.js";
import { formatLeft, formatSpan, formatTime, now } from "./time.js";
import { UNKNOWN, logoOf, subtitleOf } from "./station.js";

const cards = new Map();	// by what their heads say

export const watchLink = (channel) =>
	"#/" + encodeURIComponent(channel.slug);

function makeCard(channel) {
	const part = (tag, name) => make(tag, { class: name });
	const card = {
		bar: part("div", "done"), title: part("p", "title"),
		subtitle: part("p", "subtitle"), left: part("span", "left"),
		times: part("span", ""), next: part("p", "next"),
	};

	card.progress = make("div", { class: "progress", role: "progressbar",
		"aria-label": "Progress", "aria-valuemin": 0,
		"aria-valuemax": 100 }, card.bar);
	card.element = make("li", { class: "card" },
	    make("h3", null,
		make("span", { class: "number" }, channel.number), " ",
		make("span", { class: "name" }, channel.name),
		make("img", { src: logoOf(channel), alt: "", class: "logo",
		    loading: "lazy" })),
	    card.title, card.subtitle, card.progress,
	    make("p", { class: "times" }, card.times, card.left), card.next,
	    make("a", { class: "button", href: watchLink(channel) }, "Watch",
		make("span", { class: "unseen" }, ` ${channel.name}`)));
	return card;
}

function fillCard(card, { now, next }) {
	const on = now ?? UNKNOWN;

	card.on = on;
	tell(card.title, on.title);
	tell(card.subtitle, subtitleOf(on));
	tell(card.times, now === null ? "" : formatSpan(on));
	tell(card.next, next === null ? "" :
	    `${formatTime(next.start_ms)}  ${next.title}`);
	card.element.classList.toggle("off", on.off_air === true);
}

// Cards stay what they are as long as their channel does: who is on one of
// their links is not thrown off it.
export function showChannels(channels) {
	const list = find("channels");
	const before = new Map(cards);

	cards.clear();
	for (const c of channels) {
		const key = JSON.stringify([c.slug, c.number, c.name]);
		const card = before.get(key) ?? makeCard(c);

		cards.set(key, card);
		fillCard(card, c);
	}
	const elements = [...cards.values()].map((c) => c.element);

	if (elements.length !== list.children.length ||
	    elements.some((e, i) => e !== list.children[i]))
		list.replaceChildren(...elements);
	updateChannels();
}

export function updateChannels() {
	for (const { on, bar, progress, left } of cards.values()) {
		const done = on === UNKNOWN ? 0 : Math.min(1, Math.max(0,
		    (now() - on.start_ms) / (on.end_ms - on.start_ms)));

		bar.style.width = `${done * 100}%`;
		progress.setAttribute("aria-valuenow", Math.round(done * 100));
		tell(left, on === UNKNOWN ? "" : formatLeft(on.end_ms - now()));
	}
}
