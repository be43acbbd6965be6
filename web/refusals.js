// Why the server refused something, in the language of the page. No document here.

/** @typedef {import("./languages/en.js").Text["messages"]["refusals"]} Refusals */

/**
 * The server speaks English: elsewhere the page says it by the code, with the server's words behind it where they say
 * more.
 * @param {string} language of the page
 * @param {Refusals} refusals in that language
 * @param {{ code: string, message: string }} error as the server sent it
 */
export function told(language, refusals, { code, message }) {
  const meaning = Object.hasOwn(refusals, code) ? refusals[/** @type {keyof Refusals} */ (code)] : "";
  if (language === "en" || !meaning) return message;
  return meaning.endsWith(":") ? `${meaning} ${message}` : meaning;
}
