// Light or dark, before anything is painted: as the system says, or as the visitor chose in this browser.

(() => {
  const KEY = "seer-theme";
  const root = document.documentElement;
  const chosen = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  };
  root.dataset.theme = chosen();
  addEventListener("storage", ({ key }) => {
    if (key === KEY) root.dataset.theme = chosen();
  });
})();
