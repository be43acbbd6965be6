// A list whose rows stay while what they show changes: the focus, an open question and a message
// of a row outlive every look at the library.

/**
 * @template T
 * @typedef {{ element: HTMLElement, update: (item: T) => void }} Row
 */

/**
 * @template T
 * @param {HTMLElement} list
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Row<T>} build makes the row of an item that is new; `update` follows
 * @returns {(items: T[]) => void} shows these items, in this order
 */
export function rowsIn(list, keyOf, build) {
  /** @type {Map<string, Row<T>>} */
  let rows = new Map();
  return (items) => {
    const next = new Map(items.map((item) => [keyOf(item), rows.get(keyOf(item)) ?? build(item)]));
    for (const [key, row] of rows) if (!next.has(key)) row.element.remove();
    rows = next;
    items.forEach((item, position) => {
      const row = /** @type {Row<T>} */ (rows.get(keyOf(item)));
      row.update(item);
      const there = list.children[position] ?? null;
      if (there !== row.element) list.insertBefore(row.element, there);
    });
  };
}
