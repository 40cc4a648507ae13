// Runs in every page before its own scripts. `pilotlightTest` finds elements as a person or a
// screen reader would, and remembers what passes too quickly to be asked for.
(function () {
  const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();

  const ROLES = {
    button: "button, summary, [role=button], input[type=submit]",
    textbox: "textarea, input:not([type]), input[type=text], input[type=password], [role=textbox]",
    tab: "[role=tab]", list: "ul, ol, [role=list]", listbox: "[role=listbox]",
    option: "[role=option]", searchbox: "input[type=search]", slider: "input[type=range]", group: "[role=group], fieldset",
    application: "[role=application]", link: "a[href]", row: "tr", combobox: "select", dialog: "dialog, [role=dialog]", alertdialog: "[role=alertdialog]",
    status: "[role=status]", alert: "[role=alert]", img: "img, [role=img]",
    checkbox: "input[type=checkbox]", radio: "input[type=radio]", file: "input[type=file]",
    progressbar: "[role=progressbar]", tablist: "[role=tablist]", tabpanel: "[role=tabpanel]",
    heading: "h1, h2, h3, h4", region: "section[aria-label], section[aria-labelledby]",
  };

  // What an element contributes to a name; decorations that are hidden from readers do not.
  function words(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
    if (node.getAttribute("aria-label")) return " " + node.getAttribute("aria-label") + " ";
    if (node.tagName === "IMG") return " " + node.alt + " ";
    if (getComputedStyle(node).display === "none") return "";
    const inner = Array.from(node.childNodes, words).join("");
    return getComputedStyle(node).display.startsWith("inline") ? inner : " " + inner + " ";
  }

  const named = (node) => node.getAttribute("aria-labelledby");

  function name(node) {
    if (named(node)) {
      return squeeze(named(node).split(/\s+/).map((id) => {
        const label = document.getElementById(id);
        return label ? words(label) : "";
      }).join(" "));
    }
    if (node.getAttribute("aria-label")) return squeeze(node.getAttribute("aria-label"));
    if (node.labels && node.labels.length) return squeeze(Array.from(node.labels, words).join(" "));
    if (node.tagName === "IMG") return squeeze(node.alt);
    if (node.tagName === "FIELDSET") return squeeze(words(node.querySelector("legend") || node));
    if (node.matches([ROLES.button, ROLES.tab, ROLES.heading, ROLES.link].join())) return squeeze(words(node));
    return squeeze(node.getAttribute("title") || "");
  }

  const last = (list) => list[list.length - 1];

  function shown(node) {
    if (!node.checkVisibility({ visibilityProperty: true }) || node.closest("[inert], [hidden]")) return false;
    // What opens over another comes behind it.
    const modal = last([...document.querySelectorAll("dialog:modal")]);
    return !modal || modal.contains(node);
  }

  // Everything shown with this role; with this name, if one is given.
  function all(role, wanted = null, inside = null) {
    const selector = ROLES[role];
    if (!selector) throw new Error("no such role here: " + role);
    return Array.from((inside || document).querySelectorAll(selector))
      .filter((node) => shown(node) && (wanted === null || name(node) === wanted));
  }

  // The summary, shown, whose name starts so; what is folded away may be part of the name.
  const fold = (start) =>
    all("button").find((node) => node.tagName === "SUMMARY" && name(node).startsWith(start));

  // The pictures among the results, in whatever language that list has its name.
  const images = () => all("list").filter((list) => named(list) === "results")
    .flatMap((list) => all("img", null, list));
  // Those that are results themselves; an answer has the picture that was asked about beside it.
  const pictures = () => images().filter((img) => img.closest(".picture"));

  // What every run went through, what was said aloud, and what the title of the tab was.
  const seen = { phases: {}, busy: {}, said: [], titles: [] };
  const note = (lists, key, value) => {
    if (value === null) return;
    const list = (lists[key] = lists[key] || []);
    if (last(list) !== value) list.push(value);
  };
  const noteCard = (card) => {
    note(seen.phases, card.getAttribute("aria-labelledby"), card.dataset.phase);
    note(seen.busy, card.getAttribute("aria-labelledby"), card.getAttribute("aria-busy"));
  };
  new MutationObserver((records) => {
    for (const record of records) {
      const target = record.target;
      if (record.type === "attributes") {
        const card = target.getAttribute("aria-labelledby");
        if (card && target.dataset.phase) {
          note(record.attributeName === "data-phase" ? seen.phases : seen.busy, card, record.oldValue);
        }
      }
      record.addedNodes.forEach((node) => {
        if (node.nodeType === Node.ELEMENT_NODE) {
          [node, ...node.querySelectorAll("[data-phase]")]
            .filter((card) => card.dataset && card.dataset.phase).forEach(noteCard);
        }
      });
    }
    document.querySelectorAll("[data-phase]").forEach(noteCard);
    document.querySelectorAll("p.unseen[role=status]").forEach((region) => {
      const text = squeeze(region.textContent);
      if (text && last(seen.said) !== text) seen.said.push(text);
    });
    if (last(seen.titles) !== document.title) seen.titles.push(document.title);
  }).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true,
    attributeFilter: ["data-phase", "aria-busy"],
  });

  const card = (number) => {
    const title = document.getElementById("run-" + number);
    return title && title.closest("[data-phase]");
  };
  const cards = () => all("group").filter((group) => group.dataset.phase);
  window.pilotlightTest = { all, cards, fold, images, pictures, name, shown, seen, card, squeeze };
})();
