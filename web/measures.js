// Lengths that the style sheet knows, in pixels.

/** The name of a day, in ems. */
const DAY = 1.9;

/**
 * @param {boolean} dated whether days have names
 * @returns {import("./layout.js").Measures}
 */
export function measure(dated) {
  const root = getComputedStyle(document.documentElement);
  const em = parseFloat(root.fontSize);
  const row = parseFloat(root.getPropertyValue("--row")) * em;
  return { row, gap: parseFloat(root.getPropertyValue("--gap")) * em, day: dated ? DAY * em : 0 };
}
