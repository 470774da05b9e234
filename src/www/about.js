// What is known of a programme, in a dialog.

import { find, make, tell } from "./dom.js";
import { formatDay, formatSpan, midnight, now } from "./time.js";
import { subtitleOf } from "./station.js";
import { watchLink } from "./channels.js";

const dialog = find("about");

find("about-close").addEventListener("click", () => dialog.close());
find("about-watch").addEventListener("click", () => dialog.close());
// A click beside it closes it, too.
dialog.addEventListener("click", (e) => {
	if (e.target === dialog)
		dialog.close();
});

const isOn = (p) => p.start_ms <= now() && now() < p.end_ms;

function factsOf(p) {
	return [p.movie && "Film", p.year, p.rating, ...p.category,
	    p.new && "New", p.rerun_of && "Rerun"].filter(Boolean)
	    .join(" · ");
}

export function showAbout(channel, p) {
	const lines = [subtitleOf(p), p.desc, factsOf(p)].filter(Boolean);

	tell(find("about-title"), p.title);
	find("about-text").replaceChildren(
	    make("p", { class: "times" },
		`${channel.number} ${channel.name}, ` +
		`${formatDay(midnight(p.start_ms))}, ${formatSpan(p)}`),
	    ...lines.map((line) => make("p", null, line)));
	find("about-watch").href = watchLink(channel);
	find("about-watch").hidden = !isOn(p);
	dialog.showModal();
}
