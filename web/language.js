// What the page says, in its language. Only the file of that language is loaded, before every module that says something
// (`start.js`). No module waits for it by itself: not every browser has several wait for one.

import { language } from "./locale.js";

/** @typedef {import("./languages/en.js").Text} Text */

/** Set once, by `load`. */
export let wording = /** @type {Text} */ ({});

export async function load() {
  /** @type {{ text: Text }} */
  const { text } = await import(`./languages/${language}.js`);
  wording = text;
}
