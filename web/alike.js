// Photos that are alike lie below one tile: copies, and shots of one burst. Which are unfolded.

/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {Hit & { open?: boolean, below?: string }} Shown a hit, whether it is unfolded, below which it lies */

/** Ids of the photos whose tiles are unfolded. */
const open = new Set();

/** Folds all: another search. */
export function foldAll() {
  open.clear();
}

/**
 * The hits, each followed by what is alike it where that is unfolded.
 * @param {Hit[]} hits
 * @returns {Shown[]}
 */
export function unfolded(hits) {
  return hits.flatMap((hit) => {
    const { photo, score, alike = [] } = hit;
    if (!open.has(photo.id)) return [hit];
    return [{ ...hit, open: true }, ...alike.map((other) => ({ photo: other, score, below: photo.id }))];
  });
}

/**
 * Unfolds a hit, or folds it again; so does the id of a photo below it.
 * @param {Hit[]} hits
 * @param {string} id
 * @returns {string | undefined} the id of the hit; none where nothing is alike it
 */
export function toggle(hits, id) {
  const has = (/** @type {Hit} */ hit) => hit.photo.id === id || hit.alike?.some((other) => other.id === id);
  const top = hits.find((hit) => hit.alike?.length && has(hit))?.photo.id;
  if (!top) return undefined;
  if (!open.delete(top)) open.add(top);
  return top;
}

/**
 * What a tile's button says.
 * @param {Shown} hit
 */
export function label({ alike = [], open: isOpen }) {
  if (!alike.length) return "";
  return isOpen ? `fold ${alike.length + 1}` : `+${alike.length} alike`;
}
