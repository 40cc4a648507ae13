// Runs before the first paint: takes up the language and theme chosen last time, loads the page,
// and says so in plain words when that fails or when the page breaks later. Needs nothing else.
(function () {
  var root = document.documentElement;
  function stored(key) {
    try { return localStorage.getItem("pilotlight." + key); } catch (refused) { return null; }
  }
  // `?embed=1`: a host shows the page in a frame and says how.
  var asked = new URLSearchParams(location.search);
  var embedded = asked.get("embed") === "1";
  function wish(name, otherwise) {
    return embedded && asked.has(name) ? asked.get(name) : otherwise;
  }
  if (embedded) root.setAttribute("data-embed", wish("show", "advanced cost results").replace(/,/g, " "));
  // The other sites around a frame; not every browser names them.
  var around = parent === window ? [] : [].filter.call(location.ancestorOrigins || ["?"], function (site) {
    return site !== location.origin;
  });
  if (around.length) root.setAttribute("data-framed", around.join(" "));
  var language = wish("lang", stored("language"));
  if (language) root.setAttribute("data-lang", language);
  function primary(tag) { return String(tag).toLowerCase().split("-")[0]; }
  // The build names the languages that there are.
  var tags = (root.getAttribute("data-languages") || root.lang).split(" ");
  root.lang = tags.filter(function (tag) { return primary(tag) === primary(language || navigator.language); })[0] || tags[0];
  var theme = wish("theme", stored("theme"));
  if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
  else if (embedded && theme === "auto") root.setAttribute("data-auto", "");

  // `data-crashed` is set by the page when it panics, `data-unloaded` here when it never came up.
  function say(what, words) {
    if (!root.hasAttribute(what)) root.setAttribute(what, words || "");
  }
  function starting() {
    var app = document.getElementById("app");
    return !app || app.hasAttribute("aria-busy");
  }
  function failed(error) {
    var words = String((error && (error.stack || error.message)) || error || "");
    if (starting()) say("data-unloaded", words);
    else if (window.WebAssembly && error instanceof WebAssembly.RuntimeError) say("data-crashed", words);
  }
  addEventListener("error", function (event) {
    var part = event.target;
    if (part && part.tagName === "SCRIPT") failed(part.src);
    else if (event.error) failed(event.error);
  }, true);
  addEventListener("unhandledrejection", function (event) { failed(event.reason); });
  // The browser's own bar takes the colour of the page when a theme was chosen.
  function tint() {
    if (!root.hasAttribute("data-theme")) return;
    var paper = getComputedStyle(root).getPropertyValue("--paper").trim();
    document.querySelectorAll('meta[name="theme-color"]').forEach(function (meta) { meta.content = paper; });
  }
  new MutationObserver(function () {
    tint();
    ["crashed", "unloaded"].forEach(function (when) {
      var words = root.getAttribute("data-" + when);
      var box = document.querySelector('.crash[data-when="' + when + '"]');
      if (words === null || !box || !box.hidden) return;
      document.getElementById("app").inert = true;
      box.hidden = false;
      box.querySelector("pre").textContent = words;
      box.querySelector("button").focus();
    });
  }).observe(root, { attributes: true, attributeFilter: ["data-crashed", "data-unloaded", "data-theme"] });
  addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-reload]")) location.reload();
  });

  // The build names the page's module and its WebAssembly here; without it the build loads them itself.
  addEventListener("DOMContentLoaded", function () {
    tint();
    var names = document.querySelector('meta[name="pilotlight-module"]');
    if (!names) return;
    var module = names.content, wasm = names.getAttribute("data-wasm");
    import(new URL(module, document.baseURI).href)
      .then(function (page) { return page.default({ module_or_path: new URL(wasm, document.baseURI) }); })
      .catch(failed);
  });
})();
