// Optional comfort: focus the error summary, and update counters during typing.
addEventListener("load", () => {
  if (document.activeElement === document.body) document.getElementById("errors")?.focus();
});

function count(box) {
  const line = document.getElementById(box.id + "-c");
  const said = line?.querySelector("[data-said]");
  if (!said) return;
  const typed = [...box.value.normalize("NFC").trim()].length;
  const over = typed - Number(box.dataset.most);
  const number = new Intl.NumberFormat("en-US");
  const words = over > 0 ? line.dataset.over : line.dataset.count;
  said.textContent = words.replace("#", number.format(typed)).replace("%", number.format(over));
  line.classList.toggle("error-message", over > 0);
}

for (const box of document.querySelectorAll("[data-most]")) {
  count(box);
  box.addEventListener("input", () => count(box));
}
