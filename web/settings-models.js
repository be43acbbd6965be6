// The models of the library: which one answers, what each holds, how it is indexed.

import { act, outcome, tell } from "./action.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import { fileSize } from "./format.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./api.js").Space} Space */
/** @typedef {import("./api.js").Status} Status */

/** @type {api.IndexKind[]} */
const KINDS = ["auto", "exact", "lists", "hnsw"];

const heading = byId("models-title");
const said = byId("models-said");
/** The fingerprint of the model that is loaded; "" for none. */
let loaded = "";
const showRows = rowsIn(byId("models-list"), (/** @type {Space} */ space) => space.fingerprint, build);

/** @param {Status} now */
export function show(now) {
  loaded = now.model?.fingerprint ?? "";
  showRows(now.models);
  byId("models-none").hidden = now.models.length > 0;
}

/**
 * The kinds of index to choose from.
 * @param {string} label
 */
export function kindField(label) {
  const field = make("select", { "aria-label": label });
  field.append(...KINDS.map((value) => make("option", { value, text: wording.models.kinds[value] })));
  return field;
}

/** @param {Space} first */
function build(first) {
  let space = first;
  const name = first.name || first.fingerprint.slice(0, 8);
  const title = make("h4", { text: name, tabIndex: -1 });
  const badge = make("span", { class: "badge" });
  const facts = make("p", { class: "hint" });
  const place = outcome();
  const use = button(wording.models.use, wording.models.useLong(name), "button");
  const fill = button(wording.models.fill, wording.models.fillLong(name), "button plain");
  const forget = button(wording.settings.forget, wording.settings.forgetLong(name), "button plain");
  const kind = kindOf(name, place, () => space);

  use.addEventListener("click", () =>
    act(use, place, async () => {
      const before = library.latest?.models.find((one) => one.in_use && one.fingerprint !== space.fingerprint);
      await api.useModel(space.fingerprint);
      await library.look();
      const missing = space.lacking ? [wording.models.notFoundYet(space.lacking)] : [];
      const back = before?.name ? [wording.models.before(before.name)] : [];
      tell(said, [wording.models.answersNow(name), ...missing, ...back].join(" "));
      return "";
    }, title),
  );
  fill.addEventListener("click", () =>
    act(fill, place, async () => {
      await api.startRun({ model: space.name });
      await library.look();
      return "";
    }, title),
  );
  const sure = question(wording.models.forgetYes, (yes) =>
    act(yes, place, async () => {
      await api.forgetModel(space.fingerprint);
      await library.look();
      tell(said, wording.models.forgotten(name));
      heading.focus();
      return "";
    }),
  );
  forget.addEventListener("click", () =>
    sure.ask(forget, wording.settings.forgetAsk(name), [
      wording.models.vectorsGo(space.encoded, fileSize(space.bytes)),
      wording.models.encodeAgain,
      wording.models.photosStay,
    ]),
  );

  const top = make("div", { class: "row-top" }, title, badge);
  const actions = make("div", { class: "actions", "data-needs": "administer" }, use, fill, forget);
  const element = make("li", {}, top, facts, kind.element, actions, sure.element, place);
  return {
    element,
    /** @param {Space} now */
    update(now) {
      space = now;
      say(facts, factsOf(now));
      say(badge, badgeOf(now));
      use.hidden = now.in_use && loaded === now.fingerprint;
      fill.hidden = now.lacking === 0 || !now.name;
      forget.hidden = now.in_use;
      kind.update(now);
    },
  };
}

/**
 * The choice of the index. It counts when the button beside it is pressed: with arrow keys one
 * comes by kinds that take minutes to make.
 * @param {string} name
 * @param {HTMLElement} place
 * @param {() => Space} space as it is now
 */
function kindOf(name, place, space) {
  const field = kindField(wording.models.indexOf(name));
  const apply = button(wording.models.change, wording.models.changeLong(name), "button plain");
  let remembered = "";
  const offer = () => (apply.hidden = field.value === remembered);
  field.addEventListener("change", offer);
  apply.addEventListener("click", () =>
    act(apply, place, async () => {
      await api.indexModel(space().fingerprint, field.value);
      await library.look();
      return wording.models.changed;
    }, field),
  );
  return {
    element: make("div", { class: "choice", "data-needs": "administer" }, make("span", { class: "hint", text: wording.models.index, "aria-hidden": "true" }), field, apply),
    /** @param {Space} now */
    update(now) {
      if (remembered !== now.index) field.value = remembered = now.index;
      offer();
    },
  };
}

/** @param {Space} space */
function factsOf({ encoded, lacking, bytes }) {
  const missing = lacking ? wording.models.lacking(lacking) : wording.models.noneLacking;
  return [wording.models.encoded(encoded), missing, fileSize(bytes)].join(" · ");
}

/** @param {Space} space */
function badgeOf({ in_use, fingerprint }) {
  if (!in_use) return "";
  return loaded === fingerprint ? wording.models.answers : wording.models.notLoaded;
}

/**
 * @param {string} text
 * @param {string} label
 * @param {string} style
 */
function button(text, label, style) {
  return make("button", { type: "button", class: style, text, "aria-label": label });
}
