"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const speak = (language) => {
    root.lang = language;
    document.getElementById("language-" + language).checked = true;
    for (const picture of all("[data-alt-en]")) picture.alt = picture.dataset[language === "ja" ? "altJa" : "altEn"];
    const title = document.querySelector("title");
    document.title = title.dataset[language];
  };
  for (const input of all("[name=language]")) {
    input.addEventListener("change", () => input.checked && speak(input.value));
  }
  const wanted = root.hasAttribute("data-choose") && (navigator.languages || []).map((tag) => tag.slice(0, 2)).find((tag) => tag === "en" || tag === "ja");
  speak(wanted || root.lang);

  const reveal = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };
  const arrive = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || location.hash.length < 2) return;
    reveal(target);
    const inner = target.querySelector(":scope > details");
    if (inner) inner.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const everything = document.getElementById("show-all");
    if (link && everything && !link.classList.contains("mark")) everything.checked = true;
    if (link && link.hash === location.hash) arrive();
  });
  arrive();

  for (const input of all("[name=show]")) {
    input.addEventListener("change", () => {
      if (!input.checked || input.value === "all") return;
      for (const cell of all(`.cell[data-has~="${input.value}"]`)) reveal(cell);
    });
  }
  const unfold = document.querySelector(".unfold");
  if (unfold) {
    unfold.hidden = false;
    const set = (open) => () => all(".notebook details:not(.source):not(.traceback)").forEach((one) => { one.open = open || one.parentElement.classList.contains("notebook"); });
    document.getElementById("open-all").addEventListener("click", set(true));
    document.getElementById("close-all").addEventListener("click", set(false));
  }
  addEventListener("beforeprint", () => all(".notebook > details").forEach((one) => { one.open = true; }));
})();
