// What takes a greater right than the visitor's token has is not shown: elements say in `data-needs` which right they
// take, and the style hides those above the page's.

/**
 * @param {import("./api.js").Status["access"]} access
 */
export function follow({ right, token }) {
  const page = document.documentElement;
  // Whoever came without a token of their own is asked for one where it is needed.
  if (token === null) delete page.dataset.right;
  else page.dataset.right = right;
}
