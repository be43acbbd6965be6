// How the page looks in this browser, and what the library takes of the disk.

import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { fileSize } from "./format.js";

const KEY = "seer-theme";
const choice = byId("theme");

/** @type {[keyof import("./api.js").Disk, string][]} */
const PARTS = [
  ["thumbnails", "Small pictures"],
  ["catalog", "Records and vectors"],
  ["vectors", "Vector indexes"],
  ["keywords", "Words"],
  ["other", "Other"],
];

/** Every file of the library's folder is looked at for this: once for each time the sheet is opened. */
export async function show() {
  choice.value = document.documentElement.dataset.theme ?? "";
  const list = byId("disk-list");
  try {
    const disk = await api.disk();
    const rows = PARTS.filter(([part]) => disk[part] > 0);
    list.replaceChildren(...rows.flatMap(([part, name]) => row(name, disk[part])), ...row("Together", disk.total));
    byId("disk").hidden = false;
  } catch {
    byId("disk").hidden = true;
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
