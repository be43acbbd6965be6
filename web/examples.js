// Searches to try, on the start page.

import { byId, make } from "./dom.js";

const TEXTS = [
  "sunset over water",
  "a dog running",
  "people around a table",
  "snow -people",
  "orientation:portrait flowers",
  "city at night after:2015",
];

const row = byId("examples");

/** @param {(text: string) => void} search */
export function fill(search) {
  const buttons = TEXTS.map((text) => {
    const button = make("button", { type: "button", class: "example", text });
    button.addEventListener("click", () => search(text));
    return button;
  });
  row.replaceChildren(...buttons);
}

/** @param {boolean} visible */
export function show(visible) {
  row.hidden = !visible;
}
