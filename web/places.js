// Where the window stood in each answer, kept for Back, Forward and reload: in this tab, by the answer's key.

/** @typedef {import("./grid.js").Place} Place */
/**
 * The place, and what makes the answer the same again.
 * @typedef {object} Kept
 * @property {Place} place
 * @property {number} total results, at most
 * @property {boolean} exact whether there are so many
 * @property {number | null} fit results that are not weak, at most; null where none is weak
 * @property {number} matching photos that the filters allowed
 * @property {boolean} weaker whether weaker photos were shown too
 * @property {string[]} open ids of photos whose tiles were unfolded
 */

const PREFIX = "seer.place.";
const MOST = 60;

/** @type {Map<string, Kept>} */
const places = new Map();

/**
 * @param {string} key
 * @param {Kept} kept
 */
export function keep(key, kept) {
  places.delete(key);
  places.set(key, kept);
  for (const [old] of places) if (places.size > MOST) drop(old);
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(kept));
  } catch {
    // Full or forbidden: then a reload begins at the top.
  }
}

/**
 * @param {string} key
 * @returns {Kept | null}
 */
export function find(key) {
  const known = places.get(key);
  if (known) return known;
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key */
function drop(key) {
  places.delete(key);
  sessionStorage.removeItem(PREFIX + key);
}
