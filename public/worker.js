// Lets the page, and what this browser keeps of it, open without a network. Each version of the
// page's own files is a cache of its own, and its modules have names that follow from their content,
// so no page gets a file of another version. What an operator puts beside them is asked for first
// and kept for when there is no answer. Nothing else is touched, the API least of all.
// The build names the version and its files; without them this steps aside.
const VERSION = "";
const FILES = [];

const OWN = "pilotlight page ";
const BESIDE = "pilotlight beside";
const BESIDE_MAX_BYTES = 5e6;
const home = new URL("./", registration.scope);
const files = new Set(FILES.map((path) => new URL(path, home).href));

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(OWN + VERSION).then((cache) =>
    cache.addAll([...files].map((url) => new Request(url, { cache: "no-cache" })))));
});

addEventListener("activate", (event) => {
  event.waitUntil(clients.claim().then(() => forget_former("")));
});

addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (!files.size || request.method !== "GET" || !url.href.startsWith(home.href)) return;
  if (request.mode === "navigate") {
    if ([home.pathname, home.pathname + "index.html"].includes(url.pathname)) {
      event.respondWith(own(home.href, request));
      event.waitUntil(forget_former(event.clientId));
    }
  } else if (files.has(url.href) || is_module(url)) {
    event.respondWith(own(url.href, request));
  } else if (is_file(url)) {
    event.respondWith(beside(request));
  }
});

// A press on a notification goes to the page it came from, or opens it.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: "window" }).then((pages) =>
    pages.length ? pages[0].focus() : clients.openWindow(home.href)));
});

// Also of a version that a page still open came from.
function is_module(url) {
  return url.pathname.startsWith(home.pathname + "pilotlight-");
}

// A file has an ending; nothing of the API has, or it carries a query.
function is_file(url) {
  return !url.search && !url.pathname.includes("/api/") && /\.[a-z0-9]+$/i.test(url.pathname);
}

async function own(url, request) {
  const newest = await caches.open(OWN + VERSION);
  return (await newest.match(url)) || (await caches.match(url)) || fetch(request);
}

async function beside(request) {
  const kept = await caches.open(BESIDE);
  let answer;
  try {
    answer = await fetch(request);
  } catch (unreached) {
    const former = await kept.match(request.url);
    if (former) return former;
    throw unreached;
  }
  if (answer.ok && !(answer.headers.get("content-length") > BESIDE_MAX_BYTES)) {
    await kept.put(request.url, answer.clone()).catch(() => {});
  }
  return answer;
}

// Files of former versions go when no page is left that may have come from one. `leaving`: the page
// that another one takes the place of.
async function forget_former(leaving) {
  const pages = await clients.matchAll({ type: "window" });
  if (pages.some((page) => page.id !== leaving)) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(OWN) && name !== OWN + VERSION) await caches.delete(name);
  }
}
