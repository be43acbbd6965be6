// What the page says, in its language. Only the file of that language is loaded; whoever imports this waits for it.

import { language } from "./locale.js";

/** @type {{ text: import("./languages/en.js").Text }} */
const { text } = await import(`./languages/${language}.js`);

export const wording = text;
