// The sheets that only tell: help, and the files that could not be read. All sheets close alike.

import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";
import { count } from "./locale.js";

const help = byId("help");
const failures = byId("failures");
const list = byId("failures-list");

export function openHelp() {
  if (!document.querySelector("dialog[open]")) help.showModal();
}

async function openFailures() {
  list.replaceChildren(make("li", { text: wording.common.loading }));
  failures.showModal();
  try {
    const answer = await api.failures();
    list.replaceChildren(...byKind(answer.failures).flatMap(group));
  } catch (error) {
    list.replaceChildren(make("li", { text: /** @type {Error} */ (error).message }));
  }
}

/**
 * The most frequent kind first.
 * @param {api.Failure[]} failures
 */
function byKind(failures) {
  const groups = Object.keys(wording.failures.kinds).map((kind) => failures.filter((failure) => failure.kind === kind));
  return groups.filter((group) => group.length > 0).sort((one, other) => other.length - one.length);
}

/**
 * What they have in common in the page's language, then each with the server's words.
 * @param {api.Failure[]} failures of one kind
 */
function group(failures) {
  const heading = `${wording.failures.kinds[failures[0].kind]} (${count(failures.length)})`;
  return [make("li", {}, make("h3", { text: heading })), ...failures.map(entry)];
}

/** @param {api.Failure} failure */
function entry({ path, reason }) {
  return make("li", {}, make("span", { text: path }), make("p", { text: reason }));
}

byId("help-open").addEventListener("click", openHelp);
byId("failures-open").addEventListener("click", openFailures);

// A click beside a sheet closes it.
for (const sheet of document.querySelectorAll(/** @type {"dialog"} */ ("dialog.sheet"))) {
  sheet.addEventListener("click", (event) => {
    if (event.target !== sheet) return;
    const { left, right, top, bottom } = sheet.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (x < left || x > right || y < top || y > bottom) sheet.close();
  });
}
