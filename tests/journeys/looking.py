"""How a page looks to everybody: light and dark, on a wide screen and at 320 pixels, judged by axe.

Each page is measured wherever a journey looks at it. axe judges one title in three on a day, so that each
comes up within three days, one week light and wide and the next dark and narrow; `test_looks` has it judge
a page of each address every day. LADDER_LONG=1 has it judge each page in all four ways.
"""

from itertools import product
from pathlib import Path
from zlib import crc32

from tests.drawing import DAY, LONG

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
SIZES, SCHEMES = (WIDE, PHONE), ("light", "dark")
ONE_IN = 3  # pages of a journey is judged on a day
# Who has a menu where, and under which name: what is administered has one of its own in a wide window.
MENUS = (("leilani", WIDE, "Your menu"), ("benedikte", WIDE, "Admin"), ("benedikte", PHONE, "Menu"))

# axe does not judge contrast over a gradient (the shadow of a table that scrolls) or under what sticks (the
# dock), so both are laid aside meanwhile.
# Without preload axe leaves stylesheets alone, which it would read by inline styles that the content policy
# refuses. The one rule that needs them is about orientation, and no stylesheet of ours asks for that.
ASK_AXE = """async (tags) => {
  for (const animation of document.getAnimations()) animation.finish();
  const everything = [...document.querySelectorAll("*")];
  const drawn = everything.filter((one) => getComputedStyle(one).backgroundImage.includes("gradient"));
  const stuck = everything.filter((one) => getComputedStyle(one).position === "sticky");
  for (const one of drawn) one.style.backgroundImage = "none";
  for (const one of stuck) one.style.position = "static";
  const options = { runOnly: tags, preload: false, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  for (const one of [...drawn, ...stuck]) one.removeAttribute("style");
  return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    `${id} at ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
OVERFLOW = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return null;
  const wide = [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
    .map((one) => `${one.localName}.${one.getAttribute("class")}`);
  return `${root.scrollWidth} pixels wide instead of ${root.clientWidth}: ${[...new Set(wide)].slice(0, 6)}`;
}"""
# Hidden words are laid out from the nearest positioned box: a scroller that is none lets them out.
SCROLLERS = """() => [...new Set([...document.querySelectorAll("body *")]
  .filter((one) => one.localName !== "textarea" && /auto|scroll/.test(getComputedStyle(one).overflowX))
  .filter((one) => getComputedStyle(one).position === "static")
  .map((one) => `${one.localName}.${one.getAttribute("class")} scrolls and is not positioned`))]"""
UNFOLD = """() => [...document.querySelectorAll("details:not([open], [data-menu])")]
  .map((fold) => { fold.open = true; fold.dataset.unfolded = ""; }).length"""
FOLD = """() => document.querySelectorAll("details[data-unfolded]")
  .forEach((fold) => { fold.open = false; delete fold.dataset.unfolded; })"""


def look_over(page, *, sizes=SIZES, schemes=SCHEMES, judged=None):
    """Return what is wrong with the loaded page, one sentence each, and leave it as it was found.

    Whether it is `judged` by axe is drawn unless that is said, or in which sizes or schemes.
    """
    page.wait_for_load_state()
    before = page.viewport_size
    found = []
    for size in sizes:
        page.set_viewport_size(size)
        found += _overflow(page, size)
    page.evaluate(UNFOLD)
    found += page.evaluate(SCROLLERS)
    for size, scheme in _ways(page, sizes, schemes, judged):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += _overflow(page, size)
        found += [f"{scheme}, {size['width']} px: {fault}" for fault in ask_axe(page)]
    page.evaluate(FOLD)
    page.emulate_media(color_scheme="null")
    page.set_viewport_size(before)
    return found


def _ways(page, sizes, schemes, judged):
    if LONG or (sizes, schemes) != (SIZES, SCHEMES):
        return product(sizes, schemes)
    number = crc32(page.title().encode())
    if judged is None:
        judged = (number + DAY) % ONE_IN == 0
    return [list(zip(sizes, schemes, strict=True))[(number + DAY // 7) % 2]] if judged else []


def ask_axe(page):
    """Return the violations of WCAG 2.2 AA that axe finds on the page as it is drawn once it has loaded."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(ASK_AXE, WCAG)


def _overflow(page, size):
    wider = page.evaluate(OVERFLOW)
    return [f"{size['width']} px: {wider}"] if wider else []
