// What an answer is, in a line that a screen reader says too.

import { count, counted } from "./format.js";

/**
 * @param {import("./api.js").SearchAnswer} found
 * @param {import("./address.js").State} state
 */
export function summary(found, state) {
  const { matching, unencoded } = found;
  const scored = found.plan.method !== "filter";
  const read = (found.understood ?? []).filter((words) => words.sure && !words.excludes);
  const filters = found.filters.length + read.length;
  const akin = found.named?.akin ? "something akin to " : "";
  const known = found.named ? `, those that show ${akin}“${found.named.name}” in front` : "";
  if (found.fitting === 0) {
    return `Nothing here ${found.words ? "clearly shows this" : "looks like it"}. The closest photos:`;
  }
  const byTime = { newest: "newest first", oldest: "oldest first" }[state.sort || ""];
  const order = byTime ?? (scored ? `best first${known}` : "newest first");
  const missing = unencoded ? `; ${counted(unencoded, "photo")} not encoded yet` : "";
  if (filters === 0) return `${counted(matching, "photo")}, ${order}${missing}`;
  return `${count(matching)} ${matching === 1 ? "photo passes" : "photos pass"} the ${filters === 1 ? "filter" : "filters"}, ${order}${missing}`;
}
