// A [data-autosave] form whose save did not reach the server is sent again after a while, and as soon as the network is back.
// Its saved mark speaks up only then: a screen reader that heard every save could not be typed with.
const WAIT = 5000;
const missed = new Set();

function again() {
  for (const form of missed) form.dispatchEvent(new CustomEvent("save", { bubbles: true }));
  missed.clear();
}

function remember(event) {
  const form = event.target.closest?.("[data-autosave]");
  if (!form) return;
  form.closest("article")?.querySelector("[data-saved]")?.setAttribute("role", "alert");
  if (!missed.size) setTimeout(again, WAIT);
  missed.add(form);
}

document.addEventListener("htmx:sendError", remember);
document.addEventListener("htmx:timeout", remember);
window.addEventListener("online", again);
