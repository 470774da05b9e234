// The document, built.  Text is only ever put in as text.

export const find = (id) => document.getElementById(id);

// An element: what attributes say (a function is a listener, false leaves one
// out), and children, each an element or a text; null is nothing.
export function make(tag, attributes, ...children) {
	const e = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (typeof value === "function")
			e.addEventListener(name, value);
		else if (value !== false)
			e.setAttribute(name, value === true ? "" : value);
	}
	e.append(...children.filter((c) => c !== null));
	return e;
}

// Change a text where it differs: what has not changed is not read out again.
export function tell(e, text) {
	if (e.textContent !== text)
		e.textContent = text;
}
