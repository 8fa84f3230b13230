// Suggestions while typing: an editable combobox with a list box, as the ARIA Authoring Practices
// describe it. The focus stays in the box; aria-activedescendant names the chosen option.

const DELAY = 120; // milliseconds without a key before suggestions are asked for
const LIMIT = 8;

/** Make a search box a combobox. Its data attributes have the address and the texts. */
export function suggestWhileTyping(box) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  list.hidden = true;
  const news = document.createElement("div");
  news.className = "unseen";
  news.setAttribute("role", "status");
  box.after(list, news);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    box.setAttribute(name, value);
  }

  let typed = box.value;
  let chosen = -1;
  let timer;
  let request = new AbortController();

  function close() {
    clearTimeout(timer);
    request.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    news.textContent = "";
  }

  function choose(number) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const option = list.children[chosen];
    box.value = option?.textContent ?? typed;
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", option.id);
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  function show(suggestions) {
    const options = suggestions.map((text, number) => {
      const option = document.createElement("li");
      option.id = `suggestion-${number}`;
      option.dir = "auto";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      return option;
    });
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    box.setAttribute("aria-expanded", String(options.length > 0));
    const { none, one, many } = box.dataset;
    news.textContent = [none, one][options.length] ?? many.replace("{count}", options.length);
  }

  async function ask() {
    request.abort();
    const mine = (request = new AbortController());
    typed = box.value;
    if (!typed.trim()) return close();
    try {
      const parameters = new URLSearchParams({ q: typed, limit: LIMIT });
      const response = await fetch(`${box.dataset.suggest}?${parameters}`, { signal: mine.signal });
      if (!response.ok) return close();
      const body = await response.json();
      if (mine.signal.aborted || document.activeElement !== box) return;
      show(body.suggestions.map((each) => each.text));
    } catch {
      if (!mine.signal.aborted) close(); // a box without suggestions still searches
    }
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, DELAY);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.altKey || list.hidden) {
        if (event.key === "ArrowDown" && list.hidden) ask();
        else close();
      } else {
        // After the last one comes what was typed, then the first.
        const step = event.key === "ArrowDown" ? 1 : count;
        choose(((chosen + 1 + step) % (count + 1)) - 1);
      }
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      box.value = typed;
      close();
      event.preventDefault();
    }
  });

  // The pointer must not take the focus from the box, which would close the list before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    box.value = option.textContent;
    box.form.requestSubmit();
  });
}
