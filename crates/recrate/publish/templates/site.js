"use strict";
const form = document.querySelector(".find"), field = document.getElementById("find");
if (form && field) {
  const rows = [...document.querySelectorAll(".records > li")], nothing = document.querySelector(".nothing");
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const look = () => {
    const wanted = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => fold(row.dataset.text).includes(word));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    nothing.hidden = shown > 0;
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", look);
  look();
}
