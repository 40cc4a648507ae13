// <pilot-light>, protocol 1: see docs/embed.md.
customElements.get("pilot-light") || customElements.define("pilot-light", class It extends HTMLElement {
  // `document.currentScript` would be an element of the host that is named so.
  static home = Reflect.get(Document.prototype, "currentScript", document)?.src;
  static told = ["workflow", "lang", "theme", "values", "show"];
  static observedAttributes = ["src", "title", ...It.told];
  #frame; #origin; #ready; #early = []; #asked = new Map(); #count = 0;

  connectedCallback() { addEventListener("message", this); this.#load(); }
  disconnectedCallback() { removeEventListener("message", this); this.#end(); }

  attributeChangedCallback(name, was, value) {
    if (!this.#frame || was === value) return;
    if (name === "title") this.#frame.title = value;
    else if (name === "theme") this.#ask("theme", { theme: value || "auto" });
    else if (name === "lang" && value) this.#ask("set", { language: value });
    else this.#load();
  }

  run() { return this.#ask("run"); }
  cancel(run) { return this.#ask("cancel", run && { run }); }
  set(values) { return this.#ask("set", { values }); }

  handleEvent({ data, origin, source }) {
    if (source !== this.#frame.contentWindow || origin !== this.#origin) return;
    // Not what a library of the host has put onto every object.
    const { pilotlight, type, id, height, title } = { __proto__: null, ...data }, asked = this.#asked.get(id);
    if (pilotlight !== 1) return;
    if (type === "hello") this.#post({ type });
    if (type === "height") this.#frame.style.height = height + "px";
    if (type === "ready") {
      this.#ready = true;
      this.#early.splice(0).forEach((it) => this.#post(it));
    }
    if (type === "ok") asked?.then(data);
    if (type === "error") asked?.fail(Error(title));
    if (/ok|error/.test(type)) this.#asked.delete(id);
    this.dispatchEvent(new CustomEvent(type, { __proto__: null, detail: data }));
  }

  #load() {
    if (this.#frame) this.#end();
    const url = new URL(this.getAttribute("src") || new URL(".", It.home), this.baseURI);
    url.searchParams.set("embed", 1);
    for (const name of It.told) if (this.hasAttribute(name)) url.searchParams.set(name, this.getAttribute(name));
    this.#origin = url.origin;
    this.#frame = Object.assign(document.createElement("iframe"), {
      title: this.title || "Pilotlight",
      allow: "clipboard-write",
      sandbox: "downloads forms popups popups-to-escape-sandbox same-origin scripts".replace(/\S+/g, "allow-$&"),
      style: "display:block;width:100%;height:26rem;border:0",
      scrolling: "no",
      src: url,
    });
    this.append(this.#frame);
  }

  #end() {
    this.#frame = this.#ready = null;
    this.replaceChildren();
    this.#asked.forEach((it) => it.fail(Error("gone")));
    this.#asked.clear();
    this.#early = [];
  }

  #ask(type, more) {
    const id = ++this.#count, it = { type, id, ...more };
    const answer = new Promise((then, fail) => this.#asked.set(id, { then, fail }));
    answer.catch(() => {});
    this.#ready ? this.#post(it) : this.#early.push(it);
    return answer;
  }

  #post(it) { this.#frame.contentWindow.postMessage({ pilotlight: 1, ...it }, this.#origin); }
});
