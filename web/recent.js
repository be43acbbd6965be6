// What was searched for lately, in this browser alone: never sent, to be cleared, and off by a switch.

const KEY = "seer.recent";
const OFF = "seer.recent.off";
const MOST = 20;

/** @returns {string[]} the last one first */
export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Whether searches are remembered. */
export function isKept() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return false;
  }
}

/** @param {string} query */
export function note(query) {
  const text = query.trim();
  if (!text || !isKept()) return;
  write([text, ...recent().filter((other) => other !== text)].slice(0, MOST));
}

export function clear() {
  write([]);
}

/**
 * From now on searches are remembered, or are not; what was remembered goes then.
 * @param {boolean} kept
 */
export function keep(kept) {
  try {
    if (kept) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // A browser that keeps nothing remembers nothing.
  }
  if (!kept) clear();
}

/** @param {string[]} queries */
function write(queries) {
  try {
    if (queries.length) localStorage.setItem(KEY, JSON.stringify(queries));
    else localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
