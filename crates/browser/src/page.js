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
    heading: "h1, h2, h3, h4", banner: "header", main: "main", navigation: "nav", complementary: "aside",
    region: "[role=region], section:not([role]):is([aria-label], [aria-labelledby], [title])",
    listitem: "li:not([role]), [role=listitem]", paragraph: "p", definition: "dd",
  };
  // What can be pressed, filled in or moved.
  const CONTROLS = ["button", "textbox", "searchbox", "combobox", "checkbox", "radio", "slider", "application"];

  // All elements of a selector, for elements without a role, such as the boxes of a layout.
  const parts = (selector, inside = null) => [...(inside || document).querySelectorAll(selector)];
  const rect = (selector) => parts(selector)[0]?.getBoundingClientRect();

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
    if (node.tagName === "FIELDSET") return squeeze(words(parts("legend", node)[0] || node));
    if (node.matches([ROLES.button, ROLES.tab, ROLES.heading, ROLES.link].join())) {
      const own = squeeze(words(node));
      if (own) return own;
    }
    return squeeze(node.getAttribute("title") || "");
  }

  const last = (list) => list[list.length - 1];

  const modals = () => parts("dialog:modal");

  // An element without a box of its own is as visible as the one around it.
  const visible = (node) => node.checkVisibility({ visibilityProperty: true })
    || (getComputedStyle(node).display === "contents" && visible(node.parentElement));

  function shown(node) {
    if (!visible(node) || node.closest("[inert], [hidden]")) return false;
    // What opens over another comes behind it.
    const modal = last(modals());
    return !modal || modal.contains(node);
  }

  // Everything shown with this role; with this name, if one is given.
  function all(role, wanted = null, inside = null) {
    const selector = ROLES[role];
    if (!selector) throw new Error("no such role here: " + role);
    return parts(selector, inside)
      .filter((node) => shown(node) && (wanted === null || name(node) === wanted));
  }

  // The summary, shown, whose name starts so; what is folded away may be part of the name.
  const fold = (start) =>
    all("button").find((node) => node.tagName === "SUMMARY" && name(node).startsWith(start));

  // The same as `all` within the open dialog; nothing without one.
  const inDialog = (role, wanted = null) => all("dialog").flatMap((dialog) => all(role, wanted, dialog));
  const controls = (inside = null) => CONTROLS.flatMap((role) => all(role, null, inside));

  // The list of results, in whatever language it has its name; its items without headings and lines.
  const lists = () => all("list").filter((list) => named(list) === "results");
  const results = () => lists().flatMap((list) => [...list.children])
    .filter((item) => item.getAttribute("role") !== "none" && item.firstElementChild?.tagName !== "H3");
  const images = () => lists().flatMap((list) => all("img", null, list));
  // Those that are results themselves; an answer has the picture that was asked about beside it.
  const pictures = () => images().filter((img) => img.closest(".picture"));
  // The images of the tiles of the gallery.
  const tiles = () => all("option").flatMap((tile) => all("img", null, tile));
  // The icons of an element, and those of the star and the pin of a result; readers do not hear them.
  const icons = (inside) => parts("use", inside).map((use) => use.getAttribute("href"));
  const marks = (inside) => parts(".marks", inside).flatMap(icons);

  // The labels of all fields of the form, also of those that are folded away.
  const labels = () => parts("#form .field-label");
  const field = (label) =>
    labels().find((one) => shown(one) && squeeze(one.textContent) === label)?.closest(".field");
  // The controls whose value was refused, also those that are folded away.
  const refused = () => parts("[aria-invalid=true]");
  // The images that the form was given.
  const given = () => all("tabpanel").flatMap((panel) => all("img", null, panel));
  // File inputs are hidden: what is shown is the button beside them that opens their dialog.
  const files = () => parts(ROLES.file).filter((input) => shown(input.parentElement));
  const fileInput = (label) => files().find((input) => name(input) === label);
  // Drops a file on the field for an image.
  const dropImage = (file) => {
    const bag = new DataTransfer();
    bag.items.add(file);
    files().find((input) => input.accept === "image/*").parentElement
      .dispatchEvent(new DragEvent("drop", { dataTransfer: bag, bubbles: true, cancelable: true }));
  };
  const chosenTab = () => all("tab").find((tab) => tab.ariaSelected === "true");

  // The messages on the page and in the cards of runs, without those of fields and the toast.
  const notices = () => all("main")
    .flatMap((main) => [...all("alert", null, main), ...all("status", null, main)])
    .filter((notice) => !notice.closest("form"));
  // The state of the server, by the button whose panel is the server's; also behind a dialog.
  const server = () => parts(ROLES.button)
    .find((button) => button.getAttribute("aria-controls") === "server-panel")
    ?.closest("[data-server]").dataset.server;
  // The steps of a run or a connection test, in their order.
  const steps = (inside = null) => all("listitem", null, inside).flatMap((item) => {
    const [label, time] = parts(".step-line > span", item).map((one) => squeeze(one.innerText));
    const isNow = item.getAttribute("aria-current") === "step";
    return label === undefined ? [] : [{ name: label, time, state: item.dataset.state, isNow }];
  });
  const step = (inside = null) => steps(inside).find((one) => one.isNow);

  // The cards of all runs, also those behind a dialog.
  const runs = (inside = null) => parts("[data-phase]", inside);

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
          [node, ...runs(node)]
            .filter((card) => card.dataset && card.dataset.phase).forEach(noteCard);
        }
      });
    }
    runs().forEach(noteCard);
    parts("p.unseen[role=status]").forEach((region) => {
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
  // The facts beside the title of a run: its seed and how long it took.
  const facts = (card) => parts(".run-facts", card)[0]?.innerText;
  window.pilotlightTest = {
    all, card, cards, chosenTab, controls, dropImage, facts, field, fileInput, files, fold, given, icons, images,
    inDialog, labels, lists, marks, modals, name, notices, parts, pictures, rect, refused, results, runs, seen,
    server, shown, squeeze, step, steps, tiles,
  };
})();
