// The searches that this browser remembers, with the switch that has it do so.

import { byId, make } from "./dom.js";
import * as recent from "./recent.js";

const list = byId("recent-list");
const clear = byId("recent-clear");
const keep = byId("recent-keep");

/** @type {(query: string) => void} */
let search = () => {};

/** @param {(query: string) => void} go */
export function connect(go) {
  search = go;
  clear.addEventListener("click", () => {
    recent.clear();
    show();
    keep.focus();
  });
  keep.addEventListener("change", () => {
    recent.keep(keep.checked);
    show();
  });
}

export function show() {
  const queries = recent.recent();
  list.replaceChildren(...queries.map(item));
  list.hidden = clear.hidden = queries.length === 0;
  keep.checked = recent.isKept();
}

/** @param {string} query */
function item(query) {
  const link = make("a", { class: "value", href: `/?${new URLSearchParams({ q: query })}` }, make("span", { text: query }));
  link.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    search(query);
  });
  return make("li", {}, link);
}
