// The library's sheet: what it is made of, and what can be changed. Each part has a file of its own.

import { act, tell, tellError } from "./action.js";
import * as api from "./api.js";
import { byId } from "./dom.js";
import * as library from "./library.js";
import * as progress from "./progress.js";
import * as addModel from "./settings-add-model.js";
import * as access from "./settings-access.js";
import * as folders from "./settings-folders.js";
import * as models from "./settings-models.js";
import "./settings-offered.js";
import * as ofPage from "./settings-page.js";
import * as reading from "./settings-reading.js";

/** @typedef {import("./api.js").Status} Status */

const sheet = byId("settings");
const said = byId("settings-said");
const stop = byId("run-stop");
const run = { section: byId("run"), bar: byId("run-bar"), text: byId("run-text") };
/** The number of the run whose end is known to the visitor; none before the first look. */
let ended = NaN;

/** How often the folders are counted while a run goes on. */
const COUNT_EVERY = 10000;
let lastCount = 0;

/** @param {() => void} changed is called when photos have left the library */
export function connect(changed) {
  folders.connect(changed);
}

export async function open() {
  if (!sheet.open) sheet.showModal();
  tell(said, "");
  ended = NaN;
  if (library.latest) update(library.latest);
  const [trouble] = await Promise.all([library.look(), countFolders()]);
  if (trouble) tellError(said, trouble);
  await Promise.all([access.show(), ofPage.show()]);
}

/**
 * Shows the library as it is now, while the sheet is open.
 * @param {Status} now
 */
export function update(now) {
  if (!sheet.open) return;
  show(now);
  const { last } = now.indexing;
  const before = ended;
  ended = last?.run ?? 0;
  const justEnded = last && ended !== before && !Number.isNaN(before);
  if (justEnded) tell(said, progress.endText(last));
  const due = now.indexing.running && performance.now() - lastCount > COUNT_EVERY;
  if (justEnded || due) countFolders();
}

/** Every file of the library is looked at for this, so not at every look. */
function countFolders() {
  lastCount = performance.now();
  return folders.show();
}

/** @param {Status} now */
function show(now) {
  progress.show(run, now.indexing);
  stop.hidden = !now.indexing.running;
  models.show(now);
  addModel.show(now);
  reading.show(now);
}

byId("settings-open").addEventListener("click", open);
byId("better-add").addEventListener("click", () => {
  const wanted = library.latest?.model?.better?.name ?? "";
  byId("better").close();
  open();
  addModel.offer(wanted);
});
stop.addEventListener("click", () =>
  act(stop, said, async () => {
    await api.stopRun();
    await library.look();
    return "";
  }),
);
