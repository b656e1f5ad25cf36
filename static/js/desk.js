// The desk by keyboard: one card is at work, and every deed has its key.
const list = document.querySelector("#cards");
const cards = () => [...list.querySelectorAll(".card[data-id]")];
const current = () => list.querySelector(".card[aria-current]");
const seconds = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, {
  style: "unit",
  unit: "second",
  unitDisplay: "narrow",
});
let waiting;

function choose(card, focus = true) {
  current()?.removeAttribute("aria-current");
  if (!card) return;
  card.setAttribute("aria-current", "true");
  if (focus) card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  clearTimeout(waiting); // whoever only passes by takes nothing
  const take = card.querySelector(".take");
  waiting = setTimeout(() => take?.isConnected && htmx.trigger(take, "claim"), 600);
}

function step(by) {
  const all = cards();
  const next = all.indexOf(current()) + by;
  if (next >= all.length) document.querySelector("#next")?.click();
  else choose(all[Math.max(next, 0)]);
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  u: () => document.querySelector("#undo [data-key=u]")?.click(),
  "/": () => {
    const find = document.querySelector("#find");
    find?.matches("a") ? find.click() : find?.focus();
  },
  "?": () => document.querySelector(".keys")?.toggleAttribute("open"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    current()?.querySelector(".form")?.replaceChildren();
    choose(current());
  }
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const deed = keys[event.key] ?? key(event.key);
  if (!deed) return;
  event.preventDefault();
  deed();
});

function key(name) {
  if (!/^[arsp]$/.test(name)) return undefined;
  const button = current()?.querySelector(`[data-key=${name}]`);
  return button && (() => button.click());
}

if (list) {
  document.querySelector(".desk").classList.add("at-work");
  list.addEventListener("click", (event) => {
    const card = event.target.closest(".card[data-id]");
    if (card && card !== current()) choose(card, false);
  });
  choose(cards()[0]);
}

// A decided card leaves; the next one takes its place and is at work at once.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const card = detail.target.closest?.(".card[data-id]");
  if (card) list.dataset.at = cards().indexOf(card);
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const place = detail.elt;
  if (place?.matches?.(".form")) place.querySelector("select, textarea, input:not([type=hidden])")?.focus();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!list || detail.requestConfig?.verb !== "post" || detail.target?.matches?.(".claim")) return;
  for (const item of list.querySelectorAll(":scope > li:not(:has(.card)):not(.empty)")) item.remove();
  const all = cards();
  if (!current()) choose(all[Math.min(Number(list.dataset.at ?? 0), all.length - 1)]);
  if (!all.length) document.querySelector("#next")?.click();
});

// The saved words go into the field, where they can be changed.
document.addEventListener("change", ({ target }) => {
  if (target.matches("select[name$=saved]") && target.value) {
    const field = target.form.querySelector("textarea[name$=facts]");
    field.placeholder = target.selectedOptions[0].textContent;
  }
});

setInterval(() => {
  const until = document.querySelector("#undo [data-until]");
  if (!until) return;
  const left = Math.ceil((new Date(until.dataset.until) - Date.now()) / 1000);
  if (left > 0) until.textContent = seconds.format(left);
  else document.querySelector("#undo").replaceChildren();
}, 1000);
