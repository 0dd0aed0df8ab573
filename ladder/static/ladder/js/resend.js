// The page of an outage asks again by itself: after a while, and later where it has asked already; a form with what was typed in it is
// sent as its first button would, unless somebody is at it.
const JITTER = 1000;
const again = document.querySelector("[data-again]");

function ask() {
  if (again instanceof HTMLFormElement) again.requestSubmit(again.querySelector("button"));
  else location.replace(again.href);
}

if (again) {
  const words = again.querySelector("[data-by-itself]");
  if (words) words.hidden = false;
  const timer = setTimeout(ask, 1000 * Number(again.dataset.again) + JITTER * Math.random());
  again.addEventListener("input", () => {
    clearTimeout(timer);
    if (words) words.hidden = true;
  });
}
