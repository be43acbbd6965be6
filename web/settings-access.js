// Tokens with names: who else may ask this server, and what for. Shown to whoever may decide that.

import { act, outcome, tell, tellError } from "./action.js";
import * as api from "./api.js";
import { question } from "./confirm.js";
import { byId, make, say } from "./dom.js";
import * as library from "./library.js";
import { rowsIn } from "./rows.js";

/** @typedef {import("./api.js").NamedToken} NamedToken */
/** @typedef {import("./api.js").TokenRight} TokenRight */

/** @type {Record<TokenRight, string>} */
const MEANINGS = {
  look: "may search and look at photos",
  index: "may also bring folders up to date and keep albums",
  administer: "may do everything",
};

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
    text: "Revoke…",
    "aria-label": `Revoke ${token.name}`,
  });
  const sure = question("Revoke the token", (yes) =>
    act(yes, place, async () => {
      list((await api.revokeToken(token.name)).tokens);
      tell(said, `“${token.name}” may not ask any more.`);
      heading.focus();
      return "";
    }),
  );
  revoke.addEventListener("click", () =>
    sure.ask(revoke, `Revoke ${token.name}?`, ["Whoever uses it is locked out at once."]),
  );
  const actions = make("div", { class: "actions" }, revoke);
  const element = make("li", {}, make("div", { class: "row-top" }, title), facts, actions, sure.element, place);
  return {
    element,
    /** @param {NamedToken} now */
    update(now) {
      say(facts, `${MEANINGS[now.right]} · made ${new Date(now.made * 1000).toLocaleDateString()}`);
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
