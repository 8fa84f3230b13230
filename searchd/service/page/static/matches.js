// Moves between the matches of a document without loading it again. The links of the server do the
// same by an address, which is kept true here, so that a place can be passed on and come back to.

/** Let the links to the previous and next match move within the page, and the keys n and p. */
export function moveBetweenMatches() {
  const bar = document.querySelector(".matches");
  if (!bar?.querySelector("[data-move]")) return;
  const marks = Array.from(document.querySelectorAll(".text mark[id]"));
  const place = bar.querySelector(".place");
  const links = Object.fromEntries(
    ["previous", "next"].map((name) => [name, bar.querySelector(`[data-move=${name}]`)]),
  );
  // Beyond the first and last match the links lead to other parts of the document, and load them.
  const beyond = { previous: bar.dataset.before, next: bar.dataset.after };
  const number = new Intl.NumberFormat(document.documentElement.lang, {
    numberingSystem: bar.dataset.digits,
  });
  let current = marks.findIndex((mark) => mark.hasAttribute("aria-current"));

  function addressOf(mark) {
    const address = new URL(location.href);
    if (mark) {
      address.searchParams.set("at", mark.id.slice(1));
      address.hash = mark.id;
    }
    return address.href;
  }

  function go(target) {
    marks[current]?.removeAttribute("aria-current");
    current = target;
    const mark = marks[current];
    mark.setAttribute("aria-current", "true");
    mark.tabIndex = -1;
    mark.focus({ preventScroll: true }); // where Tab and a screen reader go on
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    mark.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    place.textContent = bar.dataset.place
      .replace("{match}", number.format(current + 1))
      .replace("{matches}", number.format(marks.length));
    history.replaceState(history.state, "", addressOf(mark));
    relink();
  }

  /** Return the place that a move leads to: a mark of this part, or the address of another part. */
  function target(name) {
    const number = current + (name === "next" ? 1 : -1);
    if (number >= 0 && number < marks.length) return { number };
    if (beyond[name]) return { address: beyond[name] };
    return { number: name === "next" ? 0 : marks.length - 1 }; // around
  }

  function move(name) {
    const { number, address } = target(name);
    if (address) location.assign(address);
    else if (marks.length) go(number);
  }

  /** Let both links lead where their moves do: around at the ends, which the server leaves dead. */
  function relink() {
    for (const [name, link] of Object.entries(links)) {
      const { number, address } = target(name);
      link.href = address ?? addressOf(marks[number] ?? marks[0]);
      link.removeAttribute("aria-disabled");
      link.removeAttribute("role");
    }
  }

  relink();
  for (const [name, link] of Object.entries(links)) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      move(name);
    });
  }
  const keys = { n: "next", p: "previous" };
  const codes = { KeyN: "next", KeyP: "previous" }; // the same keys of an Arabic keyboard
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const name = keys[event.key] ?? codes[event.code];
    if (!name) return;
    event.preventDefault();
    move(name);
  });
}
