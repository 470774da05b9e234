// What the station says, as JSON, and where its things are.  All paths are
// relative to the page: it may stand below a token or behind a proxy.

export const url = (path) => new URL(path, document.baseURI).href;

const ofChannel = (channel, rest) =>
	url(`channel/${encodeURIComponent(channel.slug)}/${rest}`);

export const streamOf = (channel) => ofChannel(channel, "stream.ts");
export const hlsOf = (channel) => ofChannel(channel, "hls/index.m3u8");
export const logoOf = (channel) => ofChannel(channel, "logo");

// The answer's JSON; an Error whose message a viewer can read.
export async function ask(path) {
	let answer;

	try {
		answer = await fetch(url(path), { cache: "no-cache" });
	} catch {
		throw new Error("The station does not answer.");
	}
	if (answer.status === 503)
		throw new Error("The station is getting ready.");
	if (!answer.ok)
		throw new Error(`The station answers ${answer.status}.`);
	return answer.json();
}

// Stands in for a programme that is not known yet.
export const UNKNOWN = { title: "", start_ms: 0, end_ms: 0 };

// "S01E02 · Low Tide"
export const subtitleOf = (p) =>
	[p.episode, p.subtitle].filter(Boolean).join(" · ");
