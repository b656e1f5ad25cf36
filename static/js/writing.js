// What is typed is kept while it is typed: on this device at once, for the account a moment later.
// What is older never takes the place of what is newer: the writer chooses.
const KEPT = 7 * 24 * 3600 * 1000;
const begun = new WeakSet();
let quote = "";

function begin(form) {
  if (begun.has(form)) return;
  begun.add(form);
  const field = form.querySelector("textarea[name=text]");
  const notice = form.querySelector("[data-other]");
  const place = `draft:${form.dataset.person ?? ""}:${form.getAttribute("action")}`;
  let { version = "0", draft, reply = "" } = field.dataset;
  let timer, sending;
  const keep = () => localStorage.setItem(place, JSON.stringify({ text: field.value, version, at: Date.now() }));

  function offer(text, after) {
    if (!notice || !text || text === field.value) return;
    notice.hidden = false;
    const [swap, stay] = notice.querySelectorAll("button");
    swap.onclick = () => ([field.value, text] = [text, field.value]);
    stay.onclick = () => {
      notice.hidden = true;
      after?.();
      typed();
    };
  }

  async function sync() {
    if (!draft || notice?.hidden === false) return;
    sending?.abort();
    sending = new AbortController();
    const body = new URLSearchParams({ text: field.value, version, reply_to: reply });
    const response = await fetch(draft, { method: "POST", body, signal: sending.signal, keepalive: true }).catch(() => {});
    const now = [200, 409].includes(response?.status) && (await response.json().catch(() => {}));
    if (!now) return;
    if (response.ok || !now.text) version = String(now.version);
    if (response.ok) keep();
    else if (now.text) offer(now.text, () => (version = String(now.version)));
    else sync();
  }

  function typed() {
    keep();
    count(form, field);
    clearTimeout(timer);
    timer = setTimeout(sync, 1000);
  }

  const kept = JSON.parse(localStorage.getItem(place) ?? "null");
  if (kept && kept.text !== field.value && Date.now() - kept.at < KEPT) {
    if (kept.version === version && !form.querySelector(".error")) field.value = kept.text;
    else offer(kept.text);
  }
  if (quote && field.dataset.reply) {
    field.value = [field.value.trimEnd(), quote].filter(Boolean).join("\n\n");
    quote = "";
    typed();
  }
  field.addEventListener("input", typed);
  if (field.dataset.mentions) field.addEventListener("input", () => import(field.dataset.mentions), { once: true });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sending?.abort();
    if (!form.hasAttribute("hx-post")) localStorage.removeItem(place);
  });
  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.requestConfig.elt === form && detail.xhr.status < 300) localStorage.removeItem(place);
  });
  count(form, field);
}

// How much room is left, once most of it is used.
function count(form, field) {
  const counter = form.querySelector(".counter");
  if (!counter) return;
  const [length, limit] = [[...field.value].length, Number(field.dataset.limit)];
  counter.hidden = length < 0.8 * limit;
  counter.textContent = `${length} / ${limit}`;
  counter.classList.toggle("over", length > limit);
  const said = counter.nextElementSibling;
  const left = limit - length;
  if (counter.hidden) said.textContent = "";
  else if (left < 0 || left % 100 < 5) said.textContent = said.dataset[left < 0 ? "over" : "left"].replace("%d", Math.abs(left));
}

// Answering while some words of a comment are selected quotes them.
for (const sign of ["pointerdown", "keydown"])
  document.addEventListener(sign, (event) => {
    const comment = event.target.closest?.(".deeds a")?.closest(".comment");
    const selection = getSelection();
    const inside = comment?.querySelector(".text").contains(selection.anchorNode) && !selection.isCollapsed;
    if (comment) quote = inside ? `${selection.toString().trim().replace(/^/gm, "> ")}\n\n` : "";
  });

const beginAll = (root) => root.querySelectorAll("form.composer:has(textarea[name=text])").forEach(begin);
document.addEventListener("htmx:load", ({ detail }) => beginAll(detail.elt.parentElement ?? document));
beginAll(document);
