// A day of all channels: a row each, and time from left to right.
//
// One programme at a time can be reached with the Tab key, the arrow keys go
// on from there (the grid pattern of the ARIA Authoring Practices).

import { make } from "./dom.js";
import { HOUR, MINUTE, formatSpan, formatTime, formatWeekday, midnight }
    from "./time.js";
import { subtitleOf } from "./station.js";
import { showAbout } from "./about.js";

const WANTED_PX = 160;		// three of four programmes are wider
const SCALES = [3, 4.5, 6, 9, 12, 18, 30, 45, 90];	// pixels per minute
const STEPS = [1, 2, 5, 10, 15, 30, 60];	// minutes between two labels
const LABEL_PX = 110;

function scaleFor(channels) {
	const lengths = channels.flatMap((c) => c.programmes.map((p) =>
	    (p.end_ms - p.start_ms) / MINUTE)).sort((a, b) => a - b);
	const short = lengths[lengths.length >> 2] ?? 30;

	return SCALES.find((s) => s * short >= WANTED_PX) ?? SCALES.at(-1);
}

function makeRuler(from, to, scale) {
	const step = STEPS.find((m) => m * scale >= LABEL_PX) * MINUTE;
	const ruler = make("div", { class: "ruler", "aria-hidden": true });

	for (let t = from; t < to; t += step) {
		const label = make("span", null, t > from &&
		    t === midnight(t) ? formatWeekday(t) : formatTime(t));

		label.style.left = `${(t - from) / MINUTE * scale}px`;
		ruler.append(label);
	}
	return ruler;
}

function makeCell(channel, p, place) {
	const more = subtitleOf(p);
	const button = make("button", { type: "button", tabindex: -1,
		click: () => showAbout(channel, p) },
	    make("span", { class: "what" },
		make("strong", null, p.title), " ",
		make("small", null, more), " ",
		make("small", { class: "unseen" }, formatSpan(p))));
	const cell = make("div", { role: "gridcell", class: "cell" +
		(p.off_air ? " off" : "") }, button);

	cell.style.left = `${place.left}px`;
	cell.style.width = `${place.width}px`;
	return { p, cell, button };
}

const isAt = (p, time) => p.start_ms <= time && time < p.end_ms;

// Which of a row's programmes is on then, or nearest to it.
function findAt(row, time) {
	const i = row.findIndex((c) => time < c.p.end_ms);

	return i < 0 ? row.length - 1 : i;
}

class Grid {
	constructor(channels, from, to) {
		Object.assign(this, { from, to, scale: scaleFor(channels) });
		this.width = this.place(to);
		this.line = make("div", { class: "now", "aria-hidden": true });
		this.rows = [];
		const rows = channels.map((c) => this.makeRow(c));
		const ruler = makeRuler(from, to, this.scale);

		this.inner = make("div",
		    { class: "inner", role: "presentation" },
		    make("div", { class: "row times", role: "presentation" },
			make("div", { class: "label" }), ruler),
		    ...rows, this.line);
		this.inner.style.setProperty("--day", `${this.width}px`);
		this.element = make("div", { class: "grid", role: "grid",
			"aria-labelledby": "guide-title", "aria-readonly": true,
			keydown: (e) => this.onKey(e) }, this.inner);
		this.rows = this.rows.filter((r) => r.length > 0);
		this.choose(0, 0);
	}

	place(time) {
		return (Math.min(Math.max(time, this.from), this.to) -
		    this.from) / MINUTE * this.scale;
	}

	makeRow(channel) {
		const row = channel.programmes.map((p) => {
			const left = this.place(p.start_ms);

			return makeCell(channel, p,
			    { left, width: this.place(p.end_ms) - left });
		});

		this.rows.push(row);
		return make("div", { class: "row", role: "row",
			"aria-rowindex": this.rows.length },
		    make("div", { class: "label", role: "rowheader" },
			make("span", { class: "number" }, channel.number), " ",
			make("span", { class: "name" }, channel.name)),
		    make("div", { class: "cells", role: "presentation" },
			...row.map((c) => c.cell)));
	}

	// The one that the Tab key reaches; cursor is where in time we are, and
	// stays where up and down meet programmes of other lengths.
	choose(y, x, cursor) {
		const chosen = this.rows[y]?.[x];

		if (chosen === undefined)
			return;
		this.chosen?.button.setAttribute("tabindex", -1);
		this.chosen = chosen;
		chosen.button.setAttribute("tabindex", 0);
		this.cursor = cursor ?? Math.max(chosen.p.start_ms, this.from);
	}

	onKey(event) {
		if (event.altKey || event.ctrlKey || event.metaKey)
			return;
		const y = this.rows.findIndex((r) =>
		    r.some((c) => c.button === event.target));
		if (y < 0)
			return;
		const row = this.rows[y];
		const x = row.findIndex((c) => c.button === event.target);
		const last = row.length - 1;
		const at = (time) => [y, findAt(row, time)];
		const beside = (dy) => {
			const to = Math.min(Math.max(y + dy, 0),
			    this.rows.length - 1);

			return [to, findAt(this.rows[to], this.cursor),
			    this.cursor];
		};
		const moves = {
			ArrowLeft: () => [y, Math.max(x - 1, 0)],
			ArrowRight: () => [y, Math.min(x + 1, last)],
			ArrowUp: () => beside(-1),
			ArrowDown: () => beside(1),
			Home: () => [y, 0],
			End: () => [y, last],
			PageUp: () => at(this.cursor - this.page()),
			PageDown: () => at(this.cursor + this.page()),
		};

		if (!Object.hasOwn(moves, event.key))
			return;
		event.preventDefault();
		this.choose(...moves[event.key]());
		this.chosen.button.focus({ preventScroll: true });
		this.reveal();
	}

	// A short one is shown whole, of a long one its begin.
	reveal() {
		const { cell, p } = this.chosen;
		const left = this.place(p.start_ms), view = this.element;
		const right = Math.min(left + cell.offsetWidth,
		    left + this.room());

		if (left < view.scrollLeft)
			view.scrollLeft = left;
		else if (right > view.scrollLeft + this.room())
			view.scrollLeft = right - this.room();
		cell.scrollIntoView({ block: "nearest", inline: "nearest" });
	}

	// What is seen of the programmes.
	room() {
		return this.element.clientWidth -
		    this.inner.querySelector(".label").offsetWidth;
	}

	page() {
		return this.room() / this.scale * MINUTE;
	}

	// The time at the left edge.
	time() {
		return this.from +
		    this.element.scrollLeft / this.scale * MINUTE;
	}

	goTo(time) {
		const before = Math.min(this.page() / 6, HOUR / 2);

		this.element.scrollLeft = this.place(time - before);
		for (const [y, row] of this.rows.entries()) {
			const x = findAt(row, time);

			if (y === 0)
				this.choose(y, x);
		}
	}

	move(pages) {
		this.element.scrollBy({ behavior: "smooth",
			left: pages * this.room() * 0.8 });
	}

	update(time) {
		const today = time >= this.from && time < this.to;

		this.line.hidden = !today;
		this.line.style.setProperty("--at", `${this.place(time)}px`);
		for (const row of this.rows) {
			const on = row.find((c) => isAt(c.p, time));

			if (on === row.on)
				continue;
			row.on?.cell.classList.remove("on");
			on?.cell.classList.add("on");
			row.on = on;
		}
	}
}

export const makeGrid = (channels, from, to) => new Grid(channels, from, to);
