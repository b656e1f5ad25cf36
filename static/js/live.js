// The page while it is read: what is new waits to be asked for, what changed changes in place.
const discussion = document.querySelector("[data-live]");
const status = document.querySelector("[data-live-status]");
const feed = document.querySelector("#rail-newsfeed .feed");
const tab = document.querySelector("#rail-newsfeed-tab");
const title = document.title;
const fresh = new Map(); // root's id, or 0 for new threads -> how many are new
const articles = [];
let source;
let last = "";
let lost;

const topics = ["newsfeed", discussion?.dataset.live].filter(Boolean);

function open() {
  if (source || document.hidden) return;
  source = new EventSource(`/live/?topics=${topics}${last && `&since=${last}`}`);
  source.onopen = () => quiet(false);
  source.onerror = () => {
    quiet(true);
    if (source.readyState === EventSource.CLOSED) close();
  };
  source.addEventListener("reload", () => location.reload());
  for (const topic of topics) {
    source.addEventListener(topic, (event) => {
      last = event.lastEventId;
      const data = JSON.parse(event.data);
      if (topic === "newsfeed") newArticle(data);
      else changed(data);
    });
  }
}

function close() {
  source?.close();
  source = undefined;
}

// A lost stream is said quietly, after a while; then the page asks now and then by itself.
function quiet(isLost) {
  clearTimeout(lost);
  if (isLost) {
    lost = setTimeout(() => {
      if (status) status.hidden = false;
      close();
      lost = setTimeout(open, 30_000);
    }, 5_000);
  } else if (status) status.hidden = true;
}

function changed({ kind, id, root, count, html, recommends }) {
  if (kind === "state") return document.getElementById("discussion-state").replaceWith(fragment(html));
  if (kind === "here") return;
  const comment = document.getElementById(`c${id}`);
  discussion.querySelector(".count").textContent = count;
  if (kind === "gone") {
    // Who just withdrew it reads so, and who writes below it keeps the place.
    if (!comment || comment.matches(".gone")) return;
    if (html) comment.replaceWith(fragment(html));
    else if (comment.closest("li").querySelector(".slot form")) comment.replaceChildren();
    else comment.closest("li").remove();
  } else if (kind === "recommend") {
    const button = comment?.querySelector(".recommends");
    if (button) button.textContent = `▲ ${recommends}`;
  } else if (comment && html) {
    const now = fragment(html);
    for (const part of ["header", ".text"])
      comment?.querySelector(part).replaceWith(now.querySelector(part));
  } else if (!comment) announce(root ?? 0);
}

function announce(root) {
  fresh.set(root, (fresh.get(root) ?? 0) + 1);
  const place = document.querySelector(root ? `[data-fresh="${root}"]` : "[data-fresh-threads]");
  if (!place) return;
  const said = root ? document.getElementById("thread") : place;
  const words = said.dataset[fresh.get(root) === 1 ? "one" : "many"];
  place.textContent = words.replace("%d", fresh.get(root));
  place.hidden = false;
}

function newArticle(data) {
  if (!feed || data.gone) {
    feed?.querySelector(`a[href="${CSS.escape(data.address)}"]`)?.closest("li").remove();
    return;
  }
  if (feed.querySelector(`a[href="${CSS.escape(data.address)}"]`)) return;
  articles.push(data);
  tab.dataset.count = articles.length;
  document.title = `(${articles.length}) ${title}`;
}

tab?.addEventListener("click", () => {
  for (const data of articles.splice(0)) {
    const item = feed.querySelector("li").cloneNode(true);
    const [time, link] = [item.querySelector("time"), item.querySelector("a")];
    [time.dateTime, link.href, link.textContent] = [data.at, data.address, data.headline];
    link.removeAttribute("aria-current");
    item.className = "new";
    feed.prepend(item);
  }
  delete tab.dataset.count;
  document.title = title;
  document.dispatchEvent(new CustomEvent("newsroom:load", { detail: feed }));
});

document.addEventListener("htmx:afterSwap", (event) => {
  const link = event.detail.requestConfig?.elt;
  if (!link?.matches?.("[data-fresh], [data-fresh-threads]")) return;
  fresh.delete(Number(link.dataset.fresh ?? 0));
  link.hidden = true;
});

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
open();
