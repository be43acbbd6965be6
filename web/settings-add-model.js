// A further model: its photos are encoded in the background, while the one in use answers.

import { act } from "./action.js";
import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { kindField } from "./settings-models.js";

const form = byId("add-model");
const name = byId("add-model-name");
const kind = kindField(wording.models.indexOfNew);
byId("add-model-kind").append(kind);

/** What every server can load; a better one is named by the server. */
const KNOWN = ["builtin", "builtin in q8"];

/**
 * Suggests names that are not in the library yet.
 * @param {import("./api.js").Status} now
 */
export function show(now) {
  const better = now.model?.better?.name;
  const names = [...KNOWN, ...(better ? [better] : [])];
  const lacking = names.filter((known) => !now.models.some((space) => space.name === known));
  byId("add-model-names").replaceChildren(...lacking.map((value) => make("option", { value })));
}

/**
 * Takes a name over, to be looked at and sent off.
 * @param {string} wanted
 */
export function offer(wanted) {
  name.value = wanted;
  name.focus();
}

form.addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  act(byId("add-model-go"), byId("add-model-said"), async () => {
    // A model that is there already keeps its kind unless another one is asked for.
    const index = kind.value === "auto" ? undefined : kind.value;
    await api.startRun({ model: name.value.trim(), index });
    await library.look();
    return "";
  });
});
