// What to give to other players, and which one wants what.

import { find, make, tell } from "./dom.js";
import { ask, hlsOf, streamOf, url } from "./station.js";

// The clipboard is kept from pages without TLS; a selection is not.
async function copy(input, button) {
	let done = true;

	input.select();
	try {
		await navigator.clipboard.writeText(input.value);
	} catch {
		done = document.execCommand("copy");
	}
	tell(button, done ? "Copied" : "Selected");
	tell(find("live"), done ? "Address copied" : "Address selected");
	setTimeout(() => {
		tell(button, "Copy");
		tell(find("live"), "");
	}, 3_000);
}

export function makeAddress(address, label) {
	const input = make("input", { type: "text", readonly: true,
		value: address, "aria-label": label, spellcheck: false,
		focus: () => input.select() });
	const button = make("button", { type: "button",
		"aria-label": `Copy: ${label}`,
		click: () => copy(input, button) }, "Copy");

	return make("span", { class: "address" }, input, button);
}

// Rows are a list of cells each, the first of which names it.
const table = (caption, heads, rows) => make("table", null,
    make("caption", null, caption),
    make("thead", null, make("tr", null,
	...heads.map((h) => make("th", { scope: "col" }, h)))),
    make("tbody", null, ...rows.map(([name, ...cells]) => make("tr", null,
	make("th", { scope: "row" }, name),
	...cells.map((c, i) =>
	    make("td", { "data-head": heads[i + 1] }, c))))));

// As HDHomeRun's clients want it; null where they are not served.
async function tunerAddress() {
	try {
		return (await ask("discover.json")).BaseURL
		    .replace(/^http:\/\/|\/$/g, "");
	} catch {
		return null;
	}
}

function stationTable(tuner) {
	const list = url("iptv/channels.m3u"), guide = url("iptv/xmltv.xml");
	const hls = url("iptv/hls.m3u");
	const rows = [
		["Channels (M3U)", makeAddress(list, "channel list"),
		    "Kodi (PVR IPTV Simple), Jellyfin, TiviMate, VLC, mpv"],
		["Channels (HLS)", makeAddress(hls, "channel list for HLS"),
		    "Apple TV, iOS, Roku, players in browsers"],
		["Guide (XMLTV)", makeAddress(guide, "guide"),
		    "the same, beside the channels; Plex"],
	];

	if (tuner !== null)
		rows.push(["HDHomeRun tuner",
		    makeAddress(tuner, "HDHomeRun tuner"),
		    "Plex, Jellyfin, Emby, Channels"]);
	return table("All channels", ["What", "Address", "Who wants it"],
	    rows);
}

function channelTable(channels) {
	return table("One channel", ["Channel", "Stream (TS)", "HLS"],
	    channels.map((c) => {
		const name = `${c.number} ${c.name}`;

		return [name, makeAddress(streamOf(c), `stream of ${name}`),
		    makeAddress(hlsOf(c), `HLS of ${name}`)];
	    }));
}

export async function showAddresses(channels) {
	const tuner = await tunerAddress();

	find("addresses").replaceChildren(stationTable(tuner),
	    channelTable(channels),
	    make("p", null, "The stream is for VLC, mpv, Kodi, ffmpeg and ",
		"most televisions; HLS is for Safari, Apple TV, Chromecast ",
		"and other pages."));
}
