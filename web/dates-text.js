// Days as a filter has them: from and to, as short as can be. No document here.

/**
 * The filter for what lies between two days, both included; whole years and months are written so.
 * @param {string} first as a field has it: 2008-05-01, or ""
 * @param {string} last
 */
export function written(first, last) {
  const [begin, end] = first && last && first > last ? [last, first] : [first, last];
  const short = shortened(begin, end);
  if (!short[0] && !short[1]) return "";
  return short[0] === short[1] ? `date:${short[0]}` : `date:${short[0]}..${short[1]}`;
}

/**
 * @param {string} first
 * @param {string} last
 */
function shortened(first, last) {
  const atStart = (/** @type {string} */ unit) => !first || first.endsWith(unit === "year" ? "-01-01" : "-01");
  const atEnd = (/** @type {string} */ unit) => !last || (unit === "year" ? last.endsWith("-12-31") : last === lastDay(last.slice(0, 7)));
  if (atStart("year") && atEnd("year")) return [first.slice(0, 4), last.slice(0, 4)];
  if (atStart("month") && atEnd("month")) return [first.slice(0, 7), last.slice(0, 7)];
  return [first, last];
}

/**
 * The first and the last day of what a filter says: of 2008, 2008-05, 2008-05-03, 2008..2010, ..2005.
 * @param {string} value
 */
export function ends(value) {
  const [first, last] = value.includes("..") ? value.split("..").map((end) => end.trim()) : [value, value];
  return [day(first, (text) => `${text}-01`, "01-01"), day(last, lastDay, "12-31")];
}

/**
 * @param {string} text
 * @param {(month: string) => string} ofMonth
 * @param {string} ofYear
 */
function day(text, ofMonth, ofYear) {
  if (/^\d{4}$/.test(text)) return `${text}-${ofYear}`;
  if (/^\d{4}-\d{2}$/.test(text)) return ofMonth(text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : "";
}

/** @param {string} month such as 2008-02 */
function lastDay(month) {
  const [year, number] = month.split("-").map(Number);
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
}
