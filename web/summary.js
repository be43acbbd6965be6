// What an answer is, in a line that a screen reader says too.

import { wording } from "./language.js";

/**
 * @param {import("./api.js").SearchAnswer} found
 * @param {import("./address.js").State} state
 */
export function summary(found, state) {
  const { matching, unencoded } = found;
  const read = (found.understood ?? []).filter((words) => words.sure && !words.excludes);
  const filters = found.filters.length + read.length;
  if (found.fitting === 0) return found.words ? wording.answer.nothingShows : wording.answer.nothingLooks;
  const photos = filters === 0 ? wording.common.photos(matching) : wording.answer.passing(matching, filters);
  const missing = unencoded ? wording.answer.notEncoded(unencoded) : "";
  return wording.answer.inOrder(photos, orderOf(found, state)) + missing;
}

/**
 * @param {import("./api.js").SearchAnswer} found
 * @param {import("./address.js").State} state
 */
function orderOf({ named, plan }, state) {
  const { best, newest, oldest, bestShowing, bestAkin } = wording.answer;
  if (state.sort === "oldest") return oldest;
  if (state.sort === "newest" || plan.method === "filter") return newest;
  if (!named) return best;
  return named.akin ? bestAkin(named.name) : bestShowing(named.name);
}
