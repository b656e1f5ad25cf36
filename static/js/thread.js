// A reader's own ways through the thread: the order they chose, what is new, what is quoted.
const discussion = document.querySelector(".discussion");
const address = document.getElementById("deeds")?.dataset.mine;
const sorts = document.getElementById("sorts");
let seen = 0;
let current = -1;

// The order chosen last opens every discussion, unless the address asks for one.
sorts?.addEventListener("click", (event) => {
  const name = event.target.closest("[data-name]")?.dataset.name;
  if (name) localStorage.setItem("sort", name);
});

async function reorder(name) {
  const link = [...sorts.children].find((link) => link.dataset.name === name);
  if (!link) return;
  const response = await fetch(`/discussions/${discussion.dataset.live.split(":")[1]}/?sort=${name}`);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const thread = document.adoptNode(page.getElementById("thread"));
  document.getElementById("thread").replaceWith(thread);
  for (const other of sorts.children) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  htmx.process(thread);
  look();
}

const chosen = localStorage.getItem("sort");
if (sorts?.dataset.sort && chosen && chosen !== sorts.dataset.sort && !location.search) reorder(chosen);

// What came into view is seen, up to the moment that the thread in the page was made.
const view = new IntersectionObserver((entries) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  const until = Number(document.getElementById("thread").dataset.until);
  if (until <= seen) return;
  seen = until;
  const body = new FormData(document.getElementById("deeds"));
  body.set("until", until);
  fetch(address, { method: "POST", body, keepalive: true }).catch(() => (seen = 0));
});

function look() {
  view.disconnect();
  const thread = address && document.getElementById("thread");
  if (thread) view.observe(thread);
}

// From one new comment to the next: by the button, or by the key where it is not switched off.
function next(link) {
  const fresh = [...document.querySelectorAll(".comment.new")];
  if (!fresh.length) return false;
  current = (current + 1) % fresh.length;
  fresh[current].tabIndex = -1;
  fresh[current].focus();
  return true;
}

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (key) {
    localStorage.setItem("key", usesKey() ? "off" : "on");
    key.setAttribute("aria-pressed", usesKey());
  } else if (event.target.closest("[data-next-new]") && !location.search && next()) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  document.documentElement.classList.toggle("hushed", event.key === "Escape");
  if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || !usesKey()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  document.querySelector("[data-next-new]")?.click();
});
document.addEventListener("pointermove", () => document.documentElement.classList.remove("hushed"));

// What was changed or taken away is quoted no more.
document.addEventListener("live:discussion", ({ detail: { kind, id } }) => {
  if (kind === "gone" || kind === "edit")
    document.querySelectorAll(`[data-of="${id}"]`).forEach((quoted) => quoted.remove());
});

function usesKey() {
  return localStorage.getItem("key") !== "off";
}

for (const key of document.querySelectorAll("[data-key]")) {
  key.hidden = false;
  key.setAttribute("aria-pressed", usesKey());
}
document.addEventListener("htmx:afterSwap", look);
look();
