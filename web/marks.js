// Photos that are marked as right or wrong: parts of the query, such as `more:3fa91c02b6d8`.

/** @typedef {"more" | "less"} Kind */
/** @typedef {{ kind: Kind, id: string, text: string }} Mark `id` is the start of one, `text` as it was typed */

/** Digits of an id in a query: enough for any library. */
const DIGITS = 12;

/**
 * The marks of a query, in their order.
 * @param {string} query
 * @returns {Mark[]}
 */
export function marks(query) {
  const found = query.matchAll(/(?<=^|\s)(more|less):([0-9a-f]{4,64})(?:\^[0-9.]+)?(?=\s|$)/gi);
  return [...found].map(([text, kind, id]) => ({
    kind: /** @type {Kind} */ (kind.toLowerCase()),
    id: id.toLowerCase(),
    text,
  }));
}

/**
 * How a photo is marked.
 * @param {string} query
 * @param {string} id
 * @returns {Kind | ""}
 */
export function marked(query, id) {
  return marks(query).findLast((mark) => id.startsWith(mark.id))?.kind ?? "";
}

/**
 * The query with a photo marked so; without the mark, where it is marked so already.
 * @param {string} query
 * @param {string} id
 * @param {Kind} kind
 */
export function toggled(query, id, kind) {
  const before = marked(query, id);
  let left = query;
  for (const mark of marks(query)) if (id.startsWith(mark.id)) left = without(left, mark.text);
  return before === kind ? left : `${left} ${kind}:${id.slice(0, DIGITS)}`.trim();
}

/**
 * The query without one of its marks; the rest stays as it was typed.
 * @param {string} query
 * @param {string} text
 */
export function without(query, text) {
  const parts = query.split(/(\s+)/);
  const place = parts.indexOf(text);
  if (place < 0) return query;
  parts.splice(place, 2);
  return parts.join("").trim();
}
