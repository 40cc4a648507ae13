// Runs in a developer's page before everything else: reloads it after a build, shows a saved style
// at once, and says that a build is going on or failed. `cargo xtask dev` puts it there; no built
// page has it.
(function () {
  var number = document.currentScript.dataset.page;
  var own = new URL("./", document.currentScript.src);
  // Each style sheet of the page: its text as it was built, how to give it another, what it has.
  var sheets = [];
  var texts = {};

  var replace = CSSStyleSheet.prototype.replaceSync;
  CSSStyleSheet.prototype.replaceSync = function (text) {
    var sheet = this;
    replace.call(sheet, text);
    add(text, function (other) { replace.call(sheet, other); });
    show(last);
  };
  addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("style").forEach(function (style) {
      add(style.textContent, function (other) { style.textContent = other; });
    });
    show(last);
  });
  function add(text, set) {
    sheets.push({ built: text.trim(), set: set, has: null });
  }

  // The state of the build; see `state` in site.rs.
  var last = null;
  function look() {
    fetch(new URL("state.txt", own), { cache: "no-store" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
      .then(function (text) { return last && text === last.text ? null : read(text); })
      .catch(function () {})
      .then(function () { setTimeout(look, 250); });
  }
  function read(text) {
    var state = { text: text, styles: [] };
    text.split("\n").forEach(function (line) {
      var words = line.split(" ");
      if (words[0] === "style") state.styles.push({ built: words[2], now: words[3] });
      else state[words[0]] = words[1];
    });
    if (state.page !== number) { location.reload(); return; }
    var wanted = {};
    state.styles.forEach(function (style) { wanted[style.built] = wanted[style.now] = true; });
    return Promise.all(Object.keys(wanted).map(fetched)).then(function () {
      last = state;
      show(state);
      say(state.build);
    });
  }
  function fetched(key) {
    if (key in texts) return null;
    return fetch(new URL("style/" + key + ".css", own))
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
      .then(function (text) { texts[key] = text; });
  }

  // A sheet of the page is one file or several in a row; each is replaced by what it is now.
  function show(state) {
    if (!state) return;
    sheets.forEach(function (sheet) {
      var rest = sheet.built, other = "", is_other = sheet.has !== null;
      while (rest) {
        var style = state.styles.find(function (style) {
          var text = texts[style.built].trim();
          return text && rest.startsWith(text);
        });
        if (!style) return;
        rest = rest.slice(texts[style.built].trim().length).trim();
        other += texts[style.now] + "\n";
        is_other = is_other || style.now !== style.built;
      }
      if (is_other && other !== sheet.has) sheet.set(sheet.has = other);
    });
  }

  var box;
  function say(build) {
    var words = { going: "Building…", failed: "The build failed; the terminal says why." }[build];
    if (!words) { if (box) box.remove(); return; }
    box = box || document.createElement("div");
    box.textContent = words;
    box.style.cssText = "position:fixed;z-index:99999;inset:auto auto 8px 8px;padding:4px 8px;"
      + "font:12px/1.4 monospace;background:" + (build === "failed" ? "#a00" : "#333") + ";color:#fff";
    document.documentElement.append(box);
  }
  look();
})();
