// The photos that the visitor has selected, in the order of the selection. They stay from search to search.

/** @typedef {import("./api.js").Photo} Photo */

/** @type {Map<string, Photo>} */
const chosen = new Map();

/** @param {string} id */
export function has(id) {
  return chosen.has(id);
}

export function size() {
  return chosen.size;
}

/** @returns {Photo[]} */
export function photos() {
  return [...chosen.values()];
}

/** @param {Photo} photo */
export function add(photo) {
  chosen.set(photo.id, photo);
}

/** @param {string} id */
export function remove(id) {
  chosen.delete(id);
}

export function clear() {
  chosen.clear();
}

/** The path of each, as seer knows it. */
export function paths() {
  return photos().flatMap((photo) => photo.files.slice(0, 1).map((file) => file.path));
}
