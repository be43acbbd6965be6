// How the page looks in this browser, and what the library takes of the disk.

import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { fileSize } from "./format.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import * as ofLanguage from "./settings-language.js";

const KEY = "seer-theme";
const choice = byId("theme");

/** @type {(keyof typeof wording.page.parts)[]} */
const PARTS = ["thumbnails", "catalog", "vectors", "keywords", "other"];

/** Every file of the library's folder is looked at for this: once for each time the sheet is opened. */
export async function show() {
  choice.value = document.documentElement.dataset.theme ?? "";
  ofLanguage.show();
  const list = byId("disk-list");
  byId("disk").hidden = true;
  // Of the library as a whole nothing is told to whoever sees some folders alone.
  if (library.latest?.access.folders.length) return;
  try {
    const disk = await api.disk();
    const rows = PARTS.filter((part) => disk[part] > 0);
    list.replaceChildren(...rows.flatMap((part) => row(wording.page.parts[part], disk[part])), ...row(wording.page.together, disk.total));
    byId("disk").hidden = false;
  } catch {
    // Whoever may not know sees none.
  }
}

/**
 * @param {string} name
 * @param {number} size
 */
function row(name, size) {
  return [make("dt", { text: name }), make("dd", { text: fileSize(size) })];
}

choice.addEventListener("change", () => {
  document.documentElement.dataset.theme = choice.value;
  try {
    choice.value ? localStorage.setItem(KEY, choice.value) : localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
});
