// The language of the page, before anything is painted: what the visitor chose in this browser, else the first of the
// browser's languages that is one of the page's, else English. The page has no words of its own: those of the language
// are asked for here, so that they come with the modules.

(() => {
  const root = document.documentElement;
  const chosen = () => {
    try {
      return localStorage.getItem("seer-language") ?? "";
    } catch {
      return "";
    }
  };
  const known = (root.dataset.languages ?? "").split(" ");
  const wanted = [chosen(), ...navigator.languages].map((tag) => tag.toLowerCase().split("-")[0]);
  root.lang = wanted.find((language) => known.includes(language)) ?? "en";
  const words = document.createElement("link");
  words.rel = "modulepreload";
  words.href = `/assets/languages/${root.lang}.js`;
  document.head.append(words);
})();
