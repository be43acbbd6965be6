// The removable parts of a search: pictures, "like this", filters.

import { thumbnail } from "./api.js";
import { byId, cross, make } from "./dom.js";
import { find } from "./pictures.js";

/** @typedef {import("./address.js").State} State */

const row = byId("chips");

/**
 * Shows the parts of a search.
 * @param {State} state
 * @param {string[]} filters as the server recognised them in the query
 * @param {(next: State) => void} change is called with the search that is left
 */
export function show(state, filters, change) {
  const likes = state.like.map((id) =>
    chip("like this photo", picture(thumbnail(id, 256)), () =>
      change({ ...state, like: state.like.filter((other) => other !== id) }),
    ),
  );
  const given = state.picture.map((key) => {
    const known = find(key);
    const image = known?.preview ? picture(known.preview) : make("span", { class: "blank" });
    const left = state.picture.filter((other) => other !== key);
    return chip(known?.name ?? "picture", image, () => change({ ...state, picture: left }));
  });
  const typed = filters.map((filter) =>
    chip(filter, null, () => change({ ...state, q: without(state.q, filter) })),
  );
  row.replaceChildren(...likes, ...given, ...typed);
  row.hidden = row.childElementCount === 0;
}

/**
 * The query without one of its parts; the rest stays as it was typed.
 * @param {string} query
 * @param {string} part
 */
export function without(query, part) {
  let from = query.indexOf(part);
  while (from >= 0) {
    const before = query[from - 1] ?? " ";
    const after = query[from + part.length] ?? " ";
    if (before.trim() === "" && after.trim() === "") {
      const left = query.slice(0, from).trimEnd();
      const right = query.slice(from + part.length).trimStart();
      return `${left} ${right}`.trim();
    }
    from = query.indexOf(part, from + 1);
  }
  return query;
}

/**
 * @param {string} text
 * @param {HTMLElement | null} image
 * @param {() => void} remove
 */
function chip(text, image, remove) {
  const button = make("button", { type: "button", "aria-label": `Remove ${text}`, title: "Remove" }, cross());
  button.addEventListener("click", remove);
  return make("div", { class: image ? "chip pictured" : "chip" }, image, make("span", { text, title: text }), button);
}

/** @param {string} src */
function picture(src) {
  return make("img", { src, alt: "", width: 28, height: 28 });
}
