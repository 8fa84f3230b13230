// What the server's pages gain by scripts: suggestions while typing, moves between matches without
// loading, and keys. Without scripts every page works as it is.

import { suggestWhileTyping } from "./combobox.js";
import { moveBetweenMatches } from "./matches.js";

document.documentElement.classList.add("scripted");

const box = document.getElementById("box");
if (box) suggestWhileTyping(box); // the list of indexes has none
moveBetweenMatches();

/** Return whether a key is meant for what has focus, such as a box that is typed in. */
function isTyping(event) {
  return event.target.closest("input, textarea, select, [contenteditable]") !== null;
}

addEventListener("keydown", (event) => {
  if (!box || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  // By the place of the key too: it gives another character on an Arabic keyboard.
  if (event.key === "/" || event.code === "Slash") {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// A menu closes when the reader goes on elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
