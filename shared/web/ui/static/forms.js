// Optional comfort: focus the error summary, update counters, keep what is typed.
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

// Keep what is typed: two seconds after the last key, when the page is left or hidden, and at once
// where a page shows text that was refused. What cannot reach the server stays on its page.
const TEXT = /^(text|textarea|email|tel|url|number)$/;

function keep(form) {
  const line = form.querySelector("[data-kept]"), held = form.querySelector("[data-held]");
  let changed = 0, saved = 0, timer = 0, before = Promise.resolve(), over = false;
  let reached = true, trying = false, sure = false, told = "";
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, {timeStyle: "short"});
  const tell = (name) => {
    if (name === told && name !== "saved") return;
    told = name;
    const [text, link, rest] = line.dataset[name].replace("#", clock).split("|");
    line.textContent = text;
    if (link) {
      const href = line.dataset.signIn, signIn = document.createElement("a");
      line.append(Object.assign(signIn, {href, target: "_blank", textContent: link}), rest);
    }
    line.hidden = false;
    if (name === "kept" || name === "saved") line.removeAttribute("role");
    else line.setAttribute("role", "status");
  };
  const why = (answer) => {
    const out = answer?.status === 401 || answer?.redirected;
    if (out && line.dataset.signIn) return "out";
    return out || [400, 403, 404, 413].includes(answer?.status) ? "ended" : "lost";
  };

  async function send(keepalive) {
    const view = form.elements.view;
    const [name, saves] = (view?.value ?? "").split(".");
    if (view) view.value = `${name}.${Number(saves) + 1}`;
    const at = changed, body = new URLSearchParams(new FormData(form));
    body.set("go", "keep");
    const options = {method: "POST", body, keepalive, headers: {Accept: "application/json"}};
    let answer;
    try {
      answer = await fetch(form.action, options);
      reached = true;
      held.textContent = "";
      if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
      const kept = await answer.json();
      for (const field of ["seen", "version"]) if (field in kept) form.elements[field].value = kept[field];
      saved = Math.max(saved, at);
      over = "conflict" in kept;
      tell(over ? "conflict" : "saved");
    } catch {
      reached = answer !== undefined;
      tell(why(answer));
      timer = setTimeout(later, 10000);
    }
  }
  const later = () => { if (changed > saved && !over) before = before.then(() => send(false)); };
  const now = () => { clearTimeout(timer); if (changed > saved && !over) send(true); };

  // The button again, once a save has reached the server.
  async function hold(button) {
    held.textContent = held.dataset[navigator.onLine ? "held" : "offline"];
    held.scrollIntoView({block: "center"});
    if (trying) return;
    trying = true;
    clearTimeout(timer);
    before = before.then(() => send(false));
    await before;
    trying = false;
    sure = reached;
    if (sure) form.requestSubmit(button);
  }

  form.addEventListener("input", () => {
    changed += 1;
    clearTimeout(timer);
    timer = setTimeout(later, 2000);
  });
  form.addEventListener("submit", (event) => {
    if (sure || (navigator.onLine && reached)) {
      clearTimeout(timer);
      over = true;
    } else {
      event.preventDefault();
      hold(event.submitter);
    }
  });
  addEventListener("online", () => { held.textContent = ""; later(); });
  addEventListener("pagehide", now);
  document.addEventListener("visibilitychange", () => { if (document.hidden) now(); });
  addEventListener("pageshow", () => { over = sure = false; reached = true; });
  tell("kept");
  const typed = [...form.elements].some((box) => TEXT.test(box.type) && box.value);
  if (form.dataset.keep === "now" && typed) {
    changed = 1;
    later();
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
