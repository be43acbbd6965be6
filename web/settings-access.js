// Tokens with names: who else may ask this server, and what for. Shown to whoever may decide that.

import { act, outcome, tell, tellError } from "./action.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { locale } from "./locale.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./api.js").NamedToken} NamedToken */
const section = byId("access");
const heading = byId("access-title");
const said = byId("access-said");
const form = byId("add-token");
const name = byId("add-token-name");
const right = byId("add-token-right");
const made = byId("add-token-made");
const address = byId("add-token-address");
const showRows = rowsIn(byId("access-list"), (/** @type {NamedToken} */ token) => token.name, build);

/** Asks for the tokens and shows them; to whoever may not decide about them, nothing. */
export async function show() {
  made.hidden = true;
  section.hidden = library.latest?.access.right !== "administer";
  if (section.hidden) return;
  try {
    list((await api.tokens()).tokens);
  } catch (error) {
    tellError(said, error);
  }
}

/** @param {NamedToken[]} tokens */
function list(tokens) {
  showRows(tokens);
  byId("access-none").hidden = tokens.length > 0;
}

/** @param {NamedToken} token */
function build(token) {
  const title = make("h4", { text: token.name, tabIndex: -1 });
  const facts = make("p", { class: "hint" });
  const place = outcome();
  const revoke = make("button", {
    type: "button",
    class: "button plain",
    text: wording.access.revoke,
    "aria-label": wording.access.revokeLong(token.name),
  });
  const sure = question(wording.access.revokeYes, (yes) =>
    act(yes, place, async () => {
      list((await api.revokeToken(token.name)).tokens);
      tell(said, wording.access.revoked(token.name));
      heading.focus();
      return "";
    }),
  );
  revoke.addEventListener("click", () =>
    sure.ask(revoke, wording.access.revokeAsk(token.name), [wording.access.revokeMeans]),
  );
  const actions = make("div", { class: "actions" }, revoke);
  const element = make("li", {}, make("div", { class: "row-top" }, title), facts, actions, sure.element, place);
  return {
    element,
    /** @param {NamedToken} now */
    update(now) {
      say(facts, `${wording.access.may[now.right]} · ${wording.access.made(new Date(now.made * 1000).toLocaleDateString(locale))}`);
    },
  };
}

form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  act(byId("add-token-go"), said, async () => {
    const { token, tokens } = await api.createToken(name.value, right.value);
    list(tokens);
    name.value = "";
    made.hidden = false;
    address.value = `${location.origin}/?token=${token}`;
    address.focus();
    address.select();
    return "";
  });
});
