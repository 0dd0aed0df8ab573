// What htmx sent and no answer came to, or 503, is sent again by itself: when the answer says, or after pauses that grow, and as soon as
// the network is back. What was typed stays where it is. Where nobody knows whether it was kept, an autosave finds out by being sent
// again; anything else asks first, or it would be made twice.
const AWAY = [502, 503, 504];
const FIRST = 2, LONGEST = 30, JITTER = 0.25; // seconds, and a share of them
const AUTOSAVE = "[data-autosave]";
const waiting = new Map(); // element → what to do about it, when, and for how many times now

const words = document.body.dataset;
const markOf = (form) => form.querySelector("[data-saved]") ?? form.closest("article")?.querySelector("[data-saved]");

function problemOf(xhr) {
  if (!xhr.getResponseHeader("Content-Type")?.startsWith("application/problem+json")) return {};
  return JSON.parse(xhr.responseText);
}

// Speaks up only now: a screen reader that heard every save could not be typed with.
function say(element, text) {
  let place = element.matches(AUTOSAVE) ? markOf(element) : element.querySelector("[data-outage]");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "field__error" });
    place.dataset.outage = "";
    element[element.matches("form") ? "append" : "after"](place);
  }
  place.setAttribute("role", "alert");
  place.textContent = text;
}

function later(element, step, seconds) {
  const before = waiting.get(element);
  clearTimeout(before?.timer);
  const tries = (before?.tries ?? 0) + 1;
  const pause = (seconds || Math.min(LONGEST, FIRST * 2 ** (tries - 1))) * (1 + JITTER * Math.random());
  waiting.set(element, { step, tries, timer: setTimeout(step, 1000 * pause) });
}

function over(element) {
  clearTimeout(waiting.get(element)?.timer);
  waiting.delete(element);
}

function sendAgain(element, { verb, path }) {
  if (!element.isConnected) return over(element);
  window.htmx.ajax(verb, path, { source: element }).catch(() => {}); // told by an event
}

async function look(element, asked, outcome) {
  const again = () => later(element, () => look(element, asked, outcome));
  const body = new URLSearchParams({ _outcome: outcome });
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const answer = await fetch(words.outcomeAt, { method: "POST", body, headers }).catch(() => null);
  if (!answer || AWAY.includes(answer.status)) return again();
  const { kept } = answer.ok ? await answer.json() : { kept: null };
  over(element);
  if (kept === false) return sendAgain(element, asked);
  say(element, kept ? words.kept : words.notKnown);
}

function missed(event) {
  const { xhr, requestConfig: asked, elt } = event.detail;
  if (!asked || asked.verb === "get") return;
  const problem = problemOf(xhr);
  const seconds = Number(xhr.getResponseHeader("Retry-After"));
  if (problem.code === "kept") return say(elt, `${problem.detail} ${words.kept}`);
  if (elt.matches(AUTOSAVE) || !problem.outcome) {
    if (problem.detail) say(elt, `${problem.detail} ${problem.outcome ? words.looking : words.waiting}`);
    else say(elt, (elt.matches(AUTOSAVE) && markOf(elt)?.closest("[data-failed]").dataset.failed) || words.failed);
    return later(elt, () => sendAgain(elt, asked), seconds);
  }
  say(elt, `${problem.detail} ${words.looking}`);
  later(elt, () => look(elt, asked, problem.outcome), seconds);
}

document.addEventListener("htmx:responseError", (event) => {
  if (AWAY.includes(event.detail.xhr.status)) missed(event);
});
document.addEventListener("htmx:sendError", missed);
document.addEventListener("htmx:timeout", missed);
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || !waiting.has(event.detail.elt)) return;
  over(event.detail.elt);
  event.detail.elt.querySelector("[data-outage]")?.remove();
});
window.addEventListener("online", () => {
  for (const { step, timer } of [...waiting.values()]) {
    clearTimeout(timer);
    step();
  }
});
