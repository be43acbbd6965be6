// The language of the page, as the visitor chooses it in this browser. Another one is a page opened anew: at the same
// address, where the window stood.

import { byId, make } from "./dom.js";
import { languages } from "./locale.js";

const KEY = "seer-language";
const choice = byId("language");

/** A language's own name for itself, as it stands in a list: "Deutsch", "Français". */
function ownName(/** @type {string} */ language) {
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  return name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1);
}

/** Shows what is chosen. */
export function show() {
  try {
    choice.value = localStorage.getItem(KEY) ?? "";
  } catch {
    choice.value = "";
  }
}

choice.append(...languages.map((language) => make("option", { value: language, lang: language, text: ownName(language) })));
choice.addEventListener("change", () => {
  try {
    choice.value ? localStorage.setItem(KEY, choice.value) : localStorage.removeItem(KEY);
  } catch {
    return show(); // A browser that keeps nothing shows the page in its own language.
  }
  location.reload();
});
