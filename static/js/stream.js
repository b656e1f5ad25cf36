// The page's one connection: what it tells becomes an event `live:<topic>` of the document.
const RETRIES = 8_000; // in which the browser may find the stream again by itself
const ASKS = 30_000; // between two questions of a page without a stream
const DECIDED = ["warn", "suspend", "lift"];
const SILENCE = 45_000; // three missed signs of life: a connection that only seems open

const status = document.getElementById("live-status");
const named = [...document.querySelectorAll("[data-live]")].flatMap((e) => e.dataset.live.split(","));
if (document.querySelector("[data-person]")) named.push("person");
const topics = [...new Set(named)];
let last = document.querySelector("[data-since]")?.dataset.since;
let heard = Date.now();
let opened = 0;
let source, timer;

function tell(topic, detail) {
  document.dispatchEvent(new CustomEvent(`live:${topic.split(":")[0]}`, { detail }));
}

function open() {
  if (source || document.hidden || !topics.length) return;
  heard = Date.now();
  source = new EventSource(`/live/?topics=${topics}&since=${last}&language=${document.documentElement.lang}`);
  source.onopen = found;
  source.onerror = missing;
  for (const topic of [...topics, "beat", "reload"])
    source.addEventListener(topic, (event) => {
      heard = Date.now();
      last = event.lastEventId || last;
      tell(topic, JSON.parse(event.data));
    });
}

function close() {
  source?.close();
  source = undefined;
}

function found() {
  clearTimeout(timer);
  timer = undefined;
  if (status.textContent === status.dataset.lost) status.textContent = "";
  if (opened++ && topics.includes("person")) stillMine(); // it may have ended meanwhile
}

function missing() {
  if (source?.readyState === EventSource.CLOSED) close();
  timer ??= setTimeout(ask, RETRIES);
}

// Without a stream the page asks what it missed, and tries the stream again.
async function ask() {
  status.textContent = status.dataset.lost;
  const number = topics.join().match(/discussion:(\d+)/)?.[1];
  const room = topics.includes("desk") ? "/admin/desk" : number ? `/discussions/${number}` : "/newsfeed";
  try {
    const answer = await fetch(`${room}/?since=${last}`);
    const said = await answer.json();
    last = said.last;
    if (said.reload) tell("reload", {});
    for (const [topic, data] of said.events ?? []) tell(topic, data);
  } catch {
    // The next question may be answered.
  }
  close();
  timer = document.hidden ? undefined : setTimeout(ask, ASKS);
  open();
}

// What a person is told of themselves.
document.addEventListener("live:person", ({ detail: { kind, unread } }) => {
  if (unread !== undefined)
    for (const count of document.querySelectorAll("[data-unread]")) {
      count.textContent = unread;
      count.hidden = !unread;
    }
  if (DECIDED.includes(kind)) status.textContent = status.dataset.decided;
  if (kind === "session") stillMine();
});
document.addEventListener("live:reload", () => (status.textContent = status.dataset.old));

async function stillMine() {
  const mine = await fetch(status.dataset.mine, { method: "HEAD", redirect: "manual" });
  if (mine.type === "opaqueredirect") status.textContent = status.dataset.out;
}

function look() {
  if (!document.hidden) return open();
  clearTimeout(timer);
  timer = undefined;
  close();
}

document.addEventListener("visibilitychange", look);
addEventListener("pageshow", look);
addEventListener("pagehide", close);
setInterval(() => {
  if (!source || Date.now() - heard < SILENCE) return;
  close();
  open();
}, 10_000);
open();
