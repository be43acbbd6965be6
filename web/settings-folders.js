// The indexed folders: what was found there, whether they are there, and letting go of one.

import { folderForm } from "./add-folder.js";
import { act, outcome, tell, tellError } from "./action.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import { wording } from "./language.js";
import { leavesOut } from "./leaves-out.js";
import * as library from "./library.js";
import { list } from "./locale.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./api.js").Root} Root */

const heading = byId("folders-title");
const said = byId("folders-said");
const all = byId("folders-again");
const showRows = rowsIn(byId("folders-list"), (/** @type {Root} */ root) => root.folder, build);
let forgotten = () => {};

/** @param {() => void} changed is called when photos have left the library */
export function connect(changed) {
  forgotten = changed;
}

/** Asks for the folders and shows them. */
export async function show() {
  try {
    const { roots } = await api.roots();
    showRows(roots);
    byId("folders-none").hidden = roots.length > 0;
    all.hidden = roots.length < 2;
  } catch (error) {
    tellError(said, error);
  }
}

/** @param {Root} first */
function build(first) {
  let root = first;
  const { folder } = first;
  const title = make("h4", { text: folder, tabIndex: -1 });
  const badge = make("span", { class: "badge alarming" });
  const facts = make("p", { class: "hint" });
  const watch = make("input", { type: "checkbox", "aria-label": wording.folders.watchLong(folder) });
  const how = make("p", { class: "hint", "data-needs": "administer" });
  const place = outcome();
  const left = leavesOut(folder);
  const again = button(wording.folders.again, wording.folders.againLong(folder), "index");
  const forget = button(wording.settings.forget, wording.settings.forgetLong(folder), "administer");

  watch.addEventListener("change", () => act(watch, place, () => keepWatch(folder, watch)));
  again.addEventListener("click", () => act(again, place, () => begin({ folders: [folder] })));
  const sure = question(wording.folders.forgetYes, (yes) => act(yes, place, () => letGo(folder)));
  // The numbers may be old: a run may have found more since.
  forget.addEventListener("click", async () => {
    await show();
    sure.ask(forget, wording.settings.forgetAsk(folder), [
      wording.folders.knownGoes(root.files),
      wording.folders.vectorsGo,
      wording.folders.filesStay,
    ]);
  });

  const top = make("div", { class: "row-top" }, title, badge);
  const actions = make("div", { class: "actions" }, again, forget);
  const chosen = make("label", { class: "switch", "data-needs": "administer" }, watch, make("span", { text: ` ${wording.folders.watch}` }));
  const element = make("li", {}, top, facts, chosen, how, left.element, actions, sure.element, place);
  return {
    element,
    /** @param {Root} now */
    update(now) {
      root = now;
      const failed = now.failures ? [wording.common.filesUnreadable(now.failures)] : [];
      say(facts, [wording.common.files(now.files), ...failed].join(" · "));
      left.update(now.excludes ?? []);
      say(badge, now.there ? "" : wording.folders.away);
      // Not while the answer to a click is being waited for.
      if (!watch.disabled) watch.checked = now.watch;
      say(how, (now.watch && whyNotAtOnce(folder)) || wording.folders.watchMeans);
    },
  };
}

/**
 * @param {string} folder
 * @param {HTMLInputElement} box
 */
async function keepWatch(folder, box) {
  const wanted = box.checked;
  try {
    const { roots } = await api.watchFolder(folder, wanted);
    box.disabled = false;
    showRows(roots);
  } catch (error) {
    box.checked = !wanted;
    throw error;
  }
  return "";
}

/**
 * Why changes in a folder do not appear at once; "" where they do.
 * @param {string} folder
 */
function whyNotAtOnce(folder) {
  const watching = library.latest?.watching.find((one) => one.folder === folder);
  return watching?.how === "polled" ? wording.folders.polled(watching.why ?? "") : "";
}

/** @param {{ folders?: string[] }} wanted */
async function begin(wanted) {
  await api.startRun(wanted);
  await library.look();
  return "";
}

/** @param {string} folder */
async function letGo(folder) {
  const gone = await api.forgetFolder(folder);
  await Promise.all([library.look(), show()]);
  forgotten();
  tell(said, told(folder, gone));
  heading.focus();
  return "";
}

/**
 * @param {string} folder
 * @param {import("./api.js").Forgotten} gone
 */
function told(folder, { files, photos, was_root, inside, kept }) {
  if (!files && !was_root) return wording.folders.unknown(folder);
  const stays = kept.length ? [wording.folders.othersStay(list(kept))] : [];
  const back = inside ? [wording.folders.liesIn(inside)] : [];
  return [wording.folders.forgotten(folder, files, photos), ...stays, ...back].join(" ");
}

/**
 * @param {string} text
 * @param {string} label
 * @param {import("./api.js").TokenRight} needs the right that it takes
 */
function button(text, label, needs) {
  return make("button", { type: "button", class: "button plain", text, "aria-label": label, "data-needs": needs });
}

said.after(folderForm());
all.addEventListener("click", () => act(all, said, () => begin({})));
