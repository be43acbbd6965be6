// What a query says about hidden photos. No document here.

const OF_HIDDEN = /(^|\s)hidden:(yes|true)(?=\s|$)/i;

/**
 * Whether a query finds the hidden photos, and no others.
 * @param {string} query
 */
export function isOfHidden(query) {
  return OF_HIDDEN.test(query);
}

/**
 * Whether it asks for nothing else.
 * @param {string} query
 */
export function isOfAllHidden(query) {
  return isOfHidden(query) && query.replace(OF_HIDDEN, "").trim() === "";
}
