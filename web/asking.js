// A search as the service takes it.

import * as api from "./api.js";
import { base64, find } from "./pictures.js";

/** @typedef {import("./address.js").State} State */

/**
 * @param {State} wanted
 * @param {number} offset
 * @param {AbortSignal} signal
 * @param {{ k: number, all?: boolean, explain?: boolean }} also
 */
export async function ask(wanted, offset, signal, also) {
  /** @type {import("./api.js").Picture[]} */
  const pictures = wanted.like.map((id) => ({ id }));
  for (const key of wanted.picture) {
    const given = find(key);
    if (given) pictures.push({ data: await base64(given) });
  }
  const sort = wanted.sort || "relevance";
  return api.search({ query: wanted.q, pictures, offset, sort, ...also }, signal);
}
