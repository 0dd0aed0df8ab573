// A page whose session ended goes on saving once the same person has signed in again, in whichever tab: it asks now and then,
// takes a fresh token against forgery, and sends what was not saved. Also a form that does not save itself gets the fresh token.
const ADDRESS = "/session/";
const WAIT = 10_000;
const person = document.body.dataset.person;
const unsaved = new Set();
let waiting = null;

function tell(form) {
  const mark = form.querySelector("[data-saved]") ?? form.closest("article")?.querySelector("[data-saved]");
  const words = mark?.closest("[data-signed-out]")?.dataset;
  if (!words) return;
  mark.setAttribute("role", "alert");
  mark.textContent = words.signedOut;
}

function use(token) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
}

function save(form) {
  const trigger = /\bsave\b/.test(form.getAttribute("hx-trigger")) ? "save" : "input";
  form.dispatchEvent(new CustomEvent(trigger, { bubbles: true }));
}

async function ask() {
  const answer = await fetch(ADDRESS, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) return;
  const session = await answer.json();
  if (String(session.person) !== person) return; // somebody else is at this browser now: it is not theirs to save
  use(session.token);
  for (const form of unsaved) save(form);
  unsaved.clear();
}

async function askAgain() {
  clearTimeout(waiting);
  await ask();
  if (unsaved.size) waiting = setTimeout(askAgain, WAIT);
}

function refused(event) {
  const form = event.target.closest?.("[data-autosave]");
  if (!form || ![401, 403].includes(event.detail.xhr.status)) return;
  tell(form);
  unsaved.add(form);
  clearTimeout(waiting);
  waiting = setTimeout(askAgain, WAIT);
}

if (person) {
  document.addEventListener("htmx:responseError", refused);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && askAgain());
  window.addEventListener("focus", () => unsaved.size && askAgain());
}
