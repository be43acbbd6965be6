// Photos that are alike lie below one tile: copies, and shots of one burst.

import { wording } from "./language.js";

/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {Hit & { open?: boolean, below?: string }} Shown a hit, whether it is unfolded, below which it lies */

/**
 * The hits, each followed by what is alike it where that is unfolded.
 * @param {Hit[]} hits
 * @param {Set<string>} open ids of the photos whose tiles are unfolded
 * @returns {Shown[]}
 */
export function unfolded(hits, open) {
  return hits.flatMap((hit) => {
    const { photo, score, alike = [] } = hit;
    if (!open.has(photo.id)) return [hit];
    return [{ ...hit, open: true }, ...alike.map((other) => ({ photo: other, score, below: photo.id }))];
  });
}

/**
 * Unfolds a hit, or folds it again; so does the id of a photo below it.
 * @param {Iterable<Hit>} hits
 * @param {string} id
 * @param {Set<string>} open is changed
 * @returns {string | undefined} the id of the hit; none where nothing is alike it
 */
export function toggle(hits, id, open) {
  const has = (/** @type {Hit} */ hit) => hit.photo.id === id || hit.alike?.some((other) => other.id === id);
  const top = [...hits].find((hit) => hit.alike?.length && has(hit))?.photo.id;
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
  return isOpen ? wording.tile.fold(alike.length + 1) : wording.tile.alikeMany(alike.length);
}
