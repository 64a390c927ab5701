// feedgen-kusama: <kusama-feed src="…/feed.json"> shows a feed's newest entries on any page.
const WORDS = { loading: "Loading …", empty: "No entries yet.", failed: "Not available now." };
const sheet = new CSSStyleSheet(); // needs no style-src
sheet.replaceSync(`
:host { display: block; overflow-wrap: anywhere }
:host([hidden]), section:not(:empty) ~ slot { display: none }
[part$=title] { margin: .5em 0 0; font-size: 1em }
[part=title] { padding-top: .5em; font-size: 1.3em; border-top: 3px solid var(--kusama-accent, light-dark(#a3195b, #f08cb8)) }
ul { margin: 0; padding: 0; list-style: "" } /* none: no list in Safari */
li { padding-bottom: .75em }
li + li { border-top: 1px solid var(--kusama-line, #8888) }
p { margin: .25em 0 }
time { font-size: .875em }
a { color: var(--kusama-link, inherit) }`);

const text = (value, most = 1e5) => (typeof value === "string" ? value.trim().slice(0, most) : "");

function webAddress(value, base) {
	const url = text(value) && URL.parse(value, base);
	return /^https?:$/.test(url?.protocol) ? url.href : "";
}

function make(tag, own, ...content) {
	const node = Object.assign(document.createElement(tag), own);
	node.append(...content); // strings become text, never mark-up
	return node;
}

function heading(level, part, words, href) {
	return make("h" + level, { part }, href ? make("a", { part: "link", href }, words) : words);
}

function dated(day, locale) {
	try {
		return day.toLocaleDateString(locale, { dateStyle: "long", timeZone: "UTC" });
	} catch {
		return dated(day); // no such locale: the reader's own
	}
}

const asked = new Map(); // requests by address, which elements share

async function ask(src, cache, control) {
	setTimeout(() => control.abort(new Error("timed out")), 15e3);
	const response = await fetch(src || "https://", { cache, credentials: "omit", signal: control.signal });
	if (!response.ok) throw new Error(response.status);
	return response.text();
}

class KusamaFeed extends HTMLElement {
	static observedAttributes = "src limit heading locale show refresh loading empty failed".split(" ");
	#section = make("section", { part: "feed" });
	#status = make("p", { part: "status", role: "status" });
	#src;
	#body; // the feed as it came
	#request;
	#timer;

	constructor() {
		super();
		const root = this.attachShadow({ mode: "open" });
		root.adoptedStyleSheets = [sheet];
		root.append(this.#section, make("slot", {}, this.#status));
	}

	connectedCallback() {
		if (!this.isConnected) return;
		const src = webAddress(this.getAttribute("src"), document.baseURI);
		if (src !== this.#src) {
			this.#leave();
			this.#src = src;
			this.#body = null;
			this.#section.replaceChildren();
		}
		if (this.#body) this.#draw(this.#body);
		else this.#load();
		clearInterval(this.#timer);
		const minutes = this.#number("refresh", 5, 1440, 0);
		if (minutes) this.#timer = setInterval(() => document.hidden || this.#load("no-cache"), minutes * 6e4);
	}

	attributeChangedCallback() {
		this.connectedCallback();
	}

	disconnectedCallback() {
		clearInterval(this.#timer);
		this.#leave();
	}

	#number(name, least, most, otherwise) {
		const number = this.getAttribute(name) | 0;
		return number > 0 ? Math.min(Math.max(number, least), most) : otherwise;
	}

	#words(state) {
		return this.getAttribute(state) ?? WORDS[state];
	}

	#leave() {
		if (this.#request && !--this.#request.users) {
			asked.delete(this.#src);
			this.#request.control.abort();
		}
		this.#request = null;
	}

	async #load(cache) {
		if (this.#request) return;
		const src = this.#src;
		const control = new AbortController();
		const request = asked.get(src) ?? { users: 0, control, body: ask(src, cache, control) };
		request.users++;
		asked.set(src, (this.#request = request));
		this.#section.ariaBusy = true;
		this.#status.textContent = this.#words("loading");
		const draw = (body) => {
			const isFree = request === this.#request && !this.shadowRoot.activeElement; // focus stays
			if (isFree && body !== this.#body) this.#draw(body);
		};
		const error = await request.body.then(draw).catch((caught) => caught);
		if (request !== this.#request) return;
		this.#leave();
		this.#section.ariaBusy = false;
		this.#status.textContent = this.#words("failed");
		const name = error ? "error" : "load";
		this.dispatchEvent(new CustomEvent("kusama-feed:" + name, { bubbles: true, detail: error }));
	}

	#entry(item, level, locale) {
		const full = text(item?.content_text);
		const summary = text(item?.summary, 1e3) || full.slice(0, 280);
		const title = text(item?.title, 300) || summary.slice(0, 80);
		if (!title) return [];
		const node = make("li", { part: "item" }, heading(level, "item-title", title, webAddress(item.url, this.#src)));
		const day = new Date(text(item.date_published));
		if (day.getTime()) node.append(make("time", { part: "date", dateTime: day.toISOString() }, dated(day, locale)));
		const show = this.getAttribute("show");
		// trusted types forbid mark-up: the full text is the plain one
		const lines = show === "full" && full ? full.split(/\n+/) : [summary];
		if (show !== "titles") node.append(...lines.map((line) => make("p", { part: "text" }, line)));
		return node;
	}

	#draw(body) {
		const feed = JSON.parse(body);
		const level = this.#number("heading", 1, 5, 2);
		const lang = text(feed.language);
		const locale = this.getAttribute("locale") || lang || [];
		const newest = feed.items.slice(0, this.#number("limit", 1, 100, 5));
		const entries = newest.flatMap((item) => this.#entry(item, level + 1, locale));
		const ariaLabel = text(feed.title, 300) || this.#src;
		const list = entries.length ? make("ul", { part: "list" }, ...entries) : make("p", { part: "status" }, this.#words("empty"));
		Object.assign(this.#section, { lang, ariaLabel });
		this.#section.replaceChildren(heading(level, "title", ariaLabel, webAddress(feed.home_page_url, this.#src)), list);
		this.#body = body;
	}
}

customElements.get("kusama-feed") ?? customElements.define("kusama-feed", KusamaFeed);
