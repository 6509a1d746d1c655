"""Faults that no page may have at any width; each is one line with its place.

People judge the design; these are the faults that a machine finds better.
"""

import re

from playwright.sync_api import ConsoleMessage, Page

SIDEWAYS = """() => {
  const root = document.documentElement, extra = root.scrollWidth - root.clientWidth;
  if (extra <= 0) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    each => each.checkVisibility() && each.getBoundingClientRect().right > root.clientWidth + 1);
  return [`moves sideways by ${extra} px: ${(wide.at(-1) || root).outerHTML.slice(0, 90)}`]}"""

CLIPPED = """() => [...document.body.querySelectorAll("*")]
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .filter(each => !each.closest(".visually-hidden, .skip-link"))
  .filter(each => !each.matches("input, textarea, select, svg, svg *, iframe"))
  .filter(each => each.textContent.trim() && getComputedStyle(each).overflowX !== "visible")
  .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
  .map(each => `clipped, ${each.scrollWidth} in ${each.clientWidth} px: `
    + each.outerHTML.slice(0, 90))"""

# WCAG 2.5.8 exempts links within a sentence and no other target.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && each.type !== "hidden")
  .filter(each => !each.closest(".visually-hidden, .skip-link"))
  .map(each => [each, (each.closest("label") || each).getBoundingClientRect()])
  .filter(([each, box]) => box.width && (box.width < 23.5 || box.height < 23.5))
  .filter(([each]) => !(each.matches("a") && [...each.parentNode.childNodes].some(
      other => other.nodeType === 3 && other.data.trim().length > 1)))
  .map(([each, box]) => `under 24 px, ${Math.round(box.width)} by ${Math.round(box.height)}: `
    + each.outerHTML.slice(0, 90))"""

HEADINGS = """() => [...document.querySelectorAll("h1")].filter(each => each.checkVisibility())
  .length"""

ADDRESS = re.compile(r"\S*(?:@|://)\S*")
RAW_KEY = re.compile(r"\b[a-z]+_[a-z_]+\b")
LEFT_OPEN = re.compile(r"\{\{|\{%|\}\}|\b(?:None|null|undefined|NaN)\b(?! (?:of|yet|that)\b)")


# Code is meant to look like code.
WITHOUT_CODE = """body => {
  const hidden = [...body.querySelectorAll("pre, code")];
  for (const one of hidden) one.style.display = "none";
  const text = body.innerText;
  for (const one of hidden) one.style.display = "";
  return text;
}"""


def faults(page: Page) -> list[str]:
    """The faults of the page as it is drawn now."""
    found: list[str] = []
    for look in (SIDEWAYS, CLIPPED, SMALL):
        found += page.evaluate(look)
    headings = page.evaluate(HEADINGS)
    if headings != 1:
        found.append(f"{headings} first-level headings")
    shown = page.locator("body").evaluate(WITHOUT_CODE)
    words = ADDRESS.sub("", shown)
    found += [f"raw key {word!r}" for word in sorted(set(RAW_KEY.findall(words)))]
    for left in LEFT_OPEN.finditer(words):
        around = words[max(0, left.start() - 30) : left.end() + 30].replace("\n", " ")
        found.append(f"left open: {around!r}")
    return found


def complaint(line: ConsoleMessage) -> str:
    """The text of a console message; "" if it only repeats an HTTP error status."""
    refusal = line.text.startswith("Failed to load resource") and "status of 4" in line.text
    return line.text if line.type in ("error", "warning") and not refusal else ""


def below_the_fold(page: Page) -> list[str]:
    """What needs scrolling at the current window size."""
    wanted = {
        "the title": "h1",
        "the state": "main .pill",
        "the due day": "main .due",
        "the next action": "main .button:not(.quiet)",
        "the contact": "main .person",
        "the worst flag": "main .flag",
    }
    height = page.viewport_size["height"]
    found = []
    for name, selector in wanted.items():
        places = page.locator(selector)
        box = places.first.bounding_box() if places.count() else None
        if box is None or box["y"] + box["height"] > height:
            found.append(f"{name} is not seen without scrolling")
    if page.locator("main .button:not(.quiet, .bare)").count() != 1:
        found.append("not one filled button")
    return found
