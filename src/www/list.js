// A day of one channel, for narrow screens; the one that is chosen stays so
// from day to day.

import { make } from "./dom.js";
import { HOUR, formatTime } from "./time.js";
import { subtitleOf } from "./station.js";
import { showAbout } from "./about.js";

let chosen;			// a slug

function makeItem(channel, p) {
	const more = subtitleOf(p);

	return { p, element: make("li", { class: p.off_air ? "off" : "" },
	    make("button", { type: "button",
		    click: () => showAbout(channel, p) },
		make("time", null, formatTime(p.start_ms)), " ",
		make("span", { class: "what" },
		    make("strong", null, p.title), " ",
		    make("small", null, more)))) };
}

class List {
	constructor(channels, from, to) {
		Object.assign(this, { channels, from, to, items: [] });
		this.list = make("ol", { class: "list", tabindex: 0,
			"aria-label": "Programmes" });
		this.select = make("select", { id: "list-channel",
			change: () => this.choose(this.select.value) },
		    ...channels.map((c) => make("option", { value: c.slug },
			`${c.number}  ${c.name}`)));
		this.element = make("div", null,
		    make("label", { for: "list-channel" }, "Channel "),
		    this.select, this.list);
		this.fill();
	}

	fill() {
		const c = this.channels.find((a) => a.slug === chosen) ??
		    this.channels[0];

		if (c === undefined)
			return;
		this.select.value = c.slug;
		this.items = c.programmes.map((p) => makeItem(c, p));
		this.list.replaceChildren(...this.items.map((i) => i.element));
	}

	choose(slug) {
		const time = this.time();

		chosen = slug;
		this.fill();
		this.update(this.at);
		this.goTo(time);
	}

	time() {
		const top = this.list.scrollTop + 1;
		const i = this.items.find(({ element: e }) =>
		    e.offsetTop + e.offsetHeight > top);

		return Math.max(i?.p.start_ms ?? this.from, this.from);
	}

	goTo(time) {
		const i = this.items.find(({ p }) => time < p.end_ms);

		this.list.scrollTop = i?.element.offsetTop ?? 0;
	}

	move(pages) {
		this.goTo(this.time() + pages * 2 * HOUR);
	}

	update(time) {
		this.at = time;
		for (const { p, element } of this.items)
			element.classList.toggle("on",
			    p.start_ms <= time && time < p.end_ms);
	}
}

export const makeList = (channels, from, to) => new List(channels, from, to);
