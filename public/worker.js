// Lets the page, and what this browser keeps of it, open without a network. It answers requests for
// the page's own files, for `config.json` and for the workflows that `config.json` names. It neither
// keeps nor answers anything else: not the API, and not the files of other apps on the same origin.
// The build fills in the version and the names of the files; without them this worker does nothing.
//
// Each version of the page's own files has a cache of its own, and its modules have names that
// follow from their content, so no page gets a file of another version. `config.json` and the
// workflows are the operator's: they are asked for first, and answered from the cache when nobody
// answers. What its server marks `no-store` or `private` is not kept.
const VERSION = "";
const FILES = [];
// Kept only once the page has asked for them.
const LAZY = [];
// What the page opens where `config.json` names no workflows; as in `Config` of runs.
const WORKFLOWS = ["workflows/janus-text-to-image.json", "workflows/janus-image-understanding.json"];

const MAX_BYTES = 5e6;
const home = new URL("./", registration.scope);
const config = new URL("config.json", home).href;
const files = new Set(FILES.map((path) => new URL(path, home).href));
const lazy = new Set(LAZY.map((path) => new URL(path, home).href));

// Caches belong to the origin. The path in their names tells apart copies of the page on one origin.
const OWN = `pilotlight page ${home.pathname} `;
const BESIDE = `pilotlight beside ${home.pathname}`;
// Names of earlier versions, without the path; the second held files of other apps as well.
const FORMER_OWN = /^pilotlight page [0-9a-f]{16}$/;
const FORMER_BESIDE = "pilotlight beside";

// The addresses of the workflows that the last known `config.json` names; unknown after a restart
// of the worker until the cache was read.
let workflows;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(Promise.all([keep_files(), keep_beside()]));
});

addEventListener("activate", (event) => {
  event.waitUntil(clients.claim().then(() =>
    Promise.all([caches.delete(FORMER_BESIDE), forget_former("")])));
});

addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  url.hash = "";
  const is_foreign = url.origin !== home.origin || request.headers.has("authorization");
  if (!files.size || request.method !== "GET" || is_foreign) return;
  if (request.mode === "navigate") {
    if ([home.pathname, home.pathname + "index.html"].includes(url.pathname)) {
      event.respondWith(page(request));
      event.waitUntil(forget_former(event.clientId));
    }
  } else if (files.has(url.href) || is_module(url.href)) {
    event.respondWith(own(url.href, request));
  } else if (lazy.has(url.href)) {
    event.respondWith(kept_when_used(url.href, request));
  } else if (url.href === config || workflows?.has(url.href)) {
    event.respondWith(beside(url.href, request));
  } else if (!workflows && request.destination === "") {
    // It may be a workflow; pictures, scripts and frames have a destination.
    event.respondWith(known_workflows().then((known) =>
      known.has(url.href) ? beside(url.href, request) : fetch(request)));
  }
});

// A press on a notification goes to the page it came from, or opens it.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: "window" }).then((pages) =>
    pages.length ? pages[0].focus() : clients.openWindow(home.href)));
});

// A module or a part of it, also of a version that a page still open came from.
function is_module(url) {
  return url.startsWith(home.href)
    && /^pilotlight-[0-9a-f]{14,16}[\w.-]*$/.test(url.slice(home.href.length));
}

// Keeps the page's own files, all of them or, where one does not come, none.
async function keep_files() {
  const cache = await caches.open(OWN + VERSION);
  await Promise.all([...files].map(async (url) => {
    const answer = await fetch(url, { cache: "no-cache" });
    // A redirect leads to another page, such as a login.
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status} for ${url}`);
    if (may_keep(answer)) await cache.put(url, answer);
  }));
}

// Keeps the configuration and its workflows, so that a first visit is enough.
async function keep_beside() {
  if (!files.size) return;
  const ask = (url) => beside(url, new Request(url)).catch(() => {});
  await ask(config);
  await Promise.all([...await known_workflows()].map(ask));
}

async function page(request) {
  const newest = await caches.open(OWN + VERSION);
  return (await newest.match(home.href)) || fetch(request);
}

async function own(url, request) {
  for (const name of [OWN + VERSION, ...(await own_caches())]) {
    const found = await (await caches.open(name)).match(url);
    if (found) return found;
  }
  return fetch(request);
}

async function kept_when_used(url, request) {
  const cache = await caches.open(OWN + VERSION);
  const found = await cache.match(url);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected && may_keep(answer)) {
    await cache.put(url, answer.clone()).catch(() => {});
  }
  return answer;
}

async function own_caches() {
  const is_own = (name) => name.startsWith(OWN) || FORMER_OWN.test(name);
  return (await caches.keys()).filter(is_own);
}

async function beside(url, request) {
  const cache = await caches.open(BESIDE);
  let answer;
  try {
    // A host that says nothing of caching would let the browser answer with a file of days ago.
    answer = await fetch(request, { cache: "no-cache" });
  } catch (unreached) {
    const former = await cache.match(url);
    if (former) return former;
    throw unreached;
  }
  const is_gone = answer.status === 404 || answer.status === 410;
  if (is_gone || (answer.ok && !answer.redirected)) {
    // A newer configuration may have come meanwhile.
    const is_named = async () => url === config || (await known_workflows()).has(url);
    let is_kept = !is_gone && may_keep(answer) && await is_named();
    if (is_kept) {
      // One may also come while this is written, which takes until the last byte is here.
      is_kept = await cache.put(url, answer.clone()).then(is_named, () => false);
    }
    // What cannot be written leaves no former answer behind.
    if (!is_kept) await cache.delete(url);
    if (url === config) await take_over(cache, is_gone ? "" : await answer.clone().text());
  }
  return answer;
}

// Whether its server lets this answer be kept.
function may_keep(answer) {
  const words = (name) => (answer.headers.get(name) || "").toLowerCase().split(",")
    .map((word) => word.split("=")[0].trim());
  return !words("cache-control").some((word) => word === "no-store" || word === "private")
    && !words("vary").includes("*") && !(answer.headers.get("content-length") > MAX_BYTES);
}

// Takes over which workflows a configuration names, and forgets those that it names no more.
async function take_over(cache, text) {
  workflows = named_in(text);
  for (const request of await cache.keys()) {
    if (request.url !== config && !workflows.has(request.url)) await cache.delete(request);
  }
}

async function known_workflows() {
  if (!workflows) {
    const kept = await (await caches.open(BESIDE)).match(config);
    const named = named_in(kept ? await kept.text() : "");
    // Unless a newer configuration came meanwhile.
    workflows = workflows || named;
  }
  return workflows;
}

// The addresses of the workflows that the text of a configuration names, without those of other
// origins.
function named_in(text) {
  let paths;
  try {
    paths = JSON.parse(text).workflows;
  } catch (unreadable) {
    // The page goes by its defaults then.
  }
  const is_path = (path) => typeof path === "string" && path;
  if (!Array.isArray(paths) || !paths.every(is_path)) paths = WORKFLOWS;
  const named = new Set();
  for (const path of paths) {
    try {
      const url = new URL(path, home);
      url.hash = "";
      if (url.origin === home.origin) named.add(url.href);
    } catch (unreadable) {
      // No address: the page says so.
    }
  }
  return named;
}

// Files of former versions go when no page is left that may have come from one. `leaving`: the page
// that another one takes the place of.
async function forget_former(leaving) {
  const pages = await clients.matchAll({ type: "window" });
  if (pages.some((page) => page.id !== leaving)) return;
  for (const name of await own_caches()) {
    if (name === OWN + VERSION) continue;
    // One without a path in its name may be of another copy of the page.
    const is_here = name.startsWith(OWN) || (await (await caches.open(name)).match(home.href));
    if (is_here) await caches.delete(name);
  }
}
