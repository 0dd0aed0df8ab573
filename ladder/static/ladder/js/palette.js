// The command palette: the search box of the bar as a dialog, with what the server finds while one types.
// Ctrl or Cmd + K opens it anywhere, and ? does with the keys where nothing is being written. Without scripts the box
// leads to a page with the same results.
const PAUSE = 150; // milliseconds between the last letter and the question
const LINKS = "a.palette__entry";
let dialog, input, results, status, timer;

function build() {
  const box = document.querySelector("form[data-palette]");
  if (!box) return null;
  dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", box.dataset.paletteName);
  const form = box.cloneNode(true);
  form.className = "palette__form";
  form.removeAttribute("data-palette");
  form.removeAttribute("aria-label");
  input = form.querySelector("input");
  input.id = "palette-q";
  form.querySelector("label").htmlFor = input.id;
  form.querySelector("kbd").textContent = "Esc";
  results = document.createElement("div");
  results.className = "palette__found";
  status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  dialog.append(form, status, results);
  document.body.append(dialog);
  form.addEventListener("submit", openFirst);
  input.addEventListener("input", askSoon);
  dialog.addEventListener("keydown", walk);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  return dialog;
}

function open(text) {
  if (!dialog && !build()) return;
  if (dialog.open) return;
  input.value = text;
  dialog.showModal();
  input.focus();
  input.setSelectionRange(text.length, text.length);
  ask();
}

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

function ask() {
  clearTimeout(timer);
  const asked = new URLSearchParams({ q: input.value });
  const tell = () => { status.textContent = results.querySelector("[data-told]")?.textContent ?? ""; };
  htmx.ajax("GET", `${input.form.action}?${asked}`, { source: input.form, target: results }).then(tell, () => {});
}

// Enter opens the first result once there is one for what is typed; before that the form leads to the page.
function openFirst(event) {
  const first = results.querySelector(LINKS);
  if (!first) return;
  event.preventDefault();
  first.click();
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const places = [input, ...results.querySelectorAll(LINKS)];
  const next = places.indexOf(document.activeElement) + step;
  places[(next + places.length) % places.length].focus();
}

function isWriting(target) {
  return target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") != null;
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    if (!document.querySelector("form[data-palette]")) return;
    event.preventDefault();
    open("");
  } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !isWriting(event.target)) {
    open("?");
  }
});

// A search box opens it when it is clicked or written in; the focus alone, on the way through a page, does not.
for (const type of ["click", "input"]) {
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.("form[data-palette]");
    if (!box || event.target.localName !== "input") return;
    open(box.querySelector("input").value);
    box.reset();
  });
}
