// Finds what does not fit: `pilotlightFit()` names each thing that sticks out of the screen, is cut
// off at its side, or whose words leave their own button; an empty list when all fits.
// `data-wide` at the root makes all text wider and larger, as another font or a person's own size.
(function () {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root[data-wide] { font-size: 130% } :root[data-wide] * { letter-spacing: 0.08em !important }");
  document.adoptedStyleSheets.push(sheet);
  // What scrolls sideways on purpose.
  const SCROLLS = ".tabs, pre, .mask-stage, .compare-stage";
  // A hint that has no room beside its label is out of sight.
  const HIDES = ".field-head";
  const BUTTONS = "button, summary, .button, .choice, .tab, select";

  const text = (node) => (node.innerText || node.value || "").replace(/\s+/g, " ").trim().slice(0, 40);
  const name = (node) => node.tagName.toLowerCase() + "." + String(node.className).split(" ").join(".")
    + " “" + text(node) + "”";
  // Whether something from `node` to what is around it, `until` left out, hides it or cuts it with
  // an ellipsis.
  const cuts = (node, until) => {
    for (let at = node; at && at !== until; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none" || at.matches(HIDES)) return true;
      if (style.overflowX !== "visible" && style.textOverflow === "ellipsis") return true;
    }
    return false;
  };
  // Where the words of a button are, without those that an ellipsis cuts.
  const rects = (node) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const words = walker.currentNode;
      if (words.parentElement !== node && cuts(words.parentElement, node)) continue;
      const range = document.createRange();
      range.selectNodeContents(words);
      found.push(...[...range.getClientRects()].filter((box) => box.width > 0));
    }
    return found;
  };

  window.pilotlightFit = () => {
    const found = [];
    const wide = document.scrollingElement.scrollWidth;
    if (wide > innerWidth) {
      // Also what lies below a dialog.
      const outer = [...document.querySelectorAll("body *")].filter((node) => !node.closest("svg, .tabs, .field-head")
        && node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1 && !cuts(node.parentElement));
      found.push(`the page is ${wide} wide`, ...outer.slice(0, 3).map((node) => `below: ${name(node)}`));
    }
    for (const node of document.querySelectorAll("body *")) {
      if (node.closest("svg, option, noscript") || !pilotlightTest.shown(node)) continue;
      const box = node.getBoundingClientRect();
      if (!box.width || !box.height || cuts(node)) continue;
      const style = getComputedStyle(node);
      const scrolls = node.closest(SCROLLS);
      if (!scrolls && (box.right > innerWidth + 1 || box.left < -1)) {
        found.push(`${name(node)} from ${Math.round(box.left)} to ${Math.round(box.right)}`);
      }
      if (!scrolls && style.overflowX !== "visible" && style.textOverflow !== "ellipsis"
          && !node.matches("input, textarea, select, canvas, img, video, audio")
          && node.scrollWidth > node.clientWidth + 1) {
        found.push(`${name(node)} holds ${node.scrollWidth} in ${node.clientWidth}`);
      }
      if (node.matches(BUTTONS) && style.overflowX === "visible") {
        const out = rects(node).find((one) => one.left < box.left - 1 || one.right > box.right + 1
          || one.top < box.top - 2 || one.bottom > box.bottom + 2);
        if (out) found.push(`${name(node)}: words to ${Math.round(out.right)}, ${Math.round(out.bottom)} of ${Math.round(box.right)}, ${Math.round(box.bottom)}`);
      }
    }
    return found.slice(0, 8);
  };
})();
