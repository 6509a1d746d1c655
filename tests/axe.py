"""Accessibility faults of a page in a browser: the rules of axe, and what axe misses.

axe accepts a page with a hint that no control names, an error summary without focus, or sideways
scrolling, so this module checks for those.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OURS = """(fresh) => {
  const wrong = [];
  const say = (what, one) => wrong.push(what + ": " + one.outerHTML.slice(0, 160));
  const all = (found) => [...document.querySelectorAll(found)];
  const words = (one) => (one?.textContent ?? "").trim();
  if (all("h1").length !== 1) wrong.push(all("h1").length + " h1");
  if (!document.documentElement.lang) wrong.push("no language");
  for (const one of all("[id]"))
    if (document.querySelectorAll("#" + CSS.escape(one.id)).length > 1) say("id twice", one);
  for (const name of ["aria-describedby", "aria-labelledby", "for"])
    for (const one of all("[" + name + "]"))
      for (const id of one.getAttribute(name).split(/\\s+/))
        if (!document.getElementById(id)) say(name + " names nothing", one);
  for (const one of all("input:not([type=hidden]), select, textarea")) {
    const named = [...(one.labels ?? [])].some((label) => words(label));
    if (!named && !one.getAttribute("aria-label")) say("no label", one);
    const choice = one.matches("[type=radio], [type=checkbox][value]:not([value=yes])");
    if (choice && !words(one.closest("fieldset")?.querySelector("legend"))) say("no legend", one);
  }
  for (const one of all(".hint[id], .msg[id]"))
    if (!document.querySelector(`[aria-describedby~="${CSS.escape(one.id)}"]`))
      say("describes nothing", one);
  for (const one of all("[aria-invalid=true]")) {
    const near = [one, one.closest("fieldset[aria-describedby]")].filter((each) => each);
    const ids = near.flatMap((each) => (each.getAttribute("aria-describedby") ?? "").split(" "));
    if (!ids.some((id) => id.endsWith("-e"))) say("wrong without a reason", one);
  }
  const summary = document.getElementById("errors");
  if (summary) {
    if (!document.title.startsWith("Error:")) wrong.push("title " + document.title);
    if (fresh && document.activeElement !== summary) say("focus elsewhere", document.activeElement);
    for (const link of summary.querySelectorAll("a[href^='#']"))
      if (!document.getElementById(link.hash.slice(1))) say("leads nowhere", link);
  } else if (document.title.startsWith("Error:")) wrong.push("title says Error, page does not");
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push("moves sideways by " +
    (root.scrollWidth - root.clientWidth));
  return wrong;
}"""


def faults(page: Page, *, fresh: bool = True) -> list[str]:
    """One line per fault.

    On a fresh page the error summary must have the focus; later the focus is where people type.
    """
    violations = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    theirs = [f"{one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]
    ours: list[str] = page.evaluate(OURS, fresh)
    return theirs + ours


def sideways(page: Page) -> int:
    """Pixels by which the page can be scrolled sideways."""
    root = "document.documentElement"
    moves: int = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    return moves
