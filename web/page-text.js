// Gives the elements of the page their words: the page itself names their keys (`data-text`, and others for attributes).

import { wording } from "./language.js";

/** Attributes by what names their keys. */
const ATTRIBUTES = { label: "aria-label", title: "title", placeholder: "placeholder" };

for (const element of document.querySelectorAll(/** @type {"a"} */ ("[data-text]"))) {
  element.append(...parts(of(element.dataset.text ?? "")));
}
for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
  for (const element of document.querySelectorAll(/** @type {"a"} */ (`[data-${name}]`))) {
    element.setAttribute(attribute, of(element.dataset[name] ?? ""));
  }
}

/**
 * The text with this key; the page is wrong when there is none.
 * @param {string} key such as viewer.close
 * @returns {string}
 */
function of(key) {
  const found = key.split(".").reduce((/** @type {any} */ group, name) => group?.[name], wording);
  if (typeof found !== "string") throw new Error(`no language has the text ${key}`);
  return found;
}

/**
 * A text with what is typed `so` in it, and [keys] to press.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
function parts(text) {
  return text.split(/(`[^`]*`|\[[^\]]*\])/).map((part) => {
    if (part.startsWith("`")) return whole("code", part);
    return part.startsWith("[") ? whole("kbd", part) : part;
  });
}

/**
 * @param {string} tag
 * @param {string} marked
 */
function whole(tag, marked) {
  const element = document.createElement(tag);
  element.textContent = marked.slice(1, -1);
  return element;
}
