// Under the steps of a rating stands what one of them means: the one under the pointer, with the focus, or chosen.
const LINKS = new WeakMap();

function show(scale, input) {
  const line = scale.querySelector(".scale__anchor");
  if (!line) return;
  if (!LINKS.has(line)) LINKS.set(line, [...line.childNodes]);
  const anchor = input && document.getElementById(input.getAttribute("aria-describedby"));
  line.replaceChildren(...(anchor ? [anchor.textContent] : LINKS.get(line)));
}

const chosen = (scale) => scale.querySelector("input:checked");

for (const type of ["pointerover", "focusin", "change"]) {
  document.addEventListener(type, ({ target }) => {
    const input = target.closest?.(".scale__points > label")?.querySelector("input");
    if (input) show(input.closest(".scale"), input);
  });
}

for (const type of ["pointerout", "focusout"]) {
  document.addEventListener(type, ({ target, relatedTarget }) => {
    const scale = target.closest?.(".scale");
    if (scale && !relatedTarget?.closest?.(".scale__points")) show(scale, chosen(scale));
  });
}

function showChosen(within) {
  for (const scale of within.querySelectorAll(".scale")) show(scale, chosen(scale));
}

showChosen(document);
document.addEventListener("htmx:load", ({ target }) => showChosen(target));

// A link to all of them opens the list that it leads to.
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("a[href='#anchors']")) document.getElementById("anchors").open = true;
});
