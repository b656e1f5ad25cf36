// The newsfeed and the chats while they are looked at.
const feed = document.querySelector("#rail-newsfeed .feed");
const tab = document.querySelector("#rail-newsfeed-tab");
const note = document.querySelector("[data-fresh-articles]");
const plural = new Intl.PluralRules(document.documentElement.lang);
const articles = new Map(); // by address, what came since the reader looked

function counted(place, n) {
  return (place.dataset[plural.select(n)] ?? place.dataset.other).replace("%d", n);
}

function count() {
  const n = articles.size;
  if (tab) tab.dataset.count = n;
  if (note) {
    note.hidden = !n;
    note.textContent = counted(note, n);
  }
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = n ? `(${n}) ${title}` : title;
}

document.addEventListener("live:newsfeed", ({ detail: { gone, address, ...told } }) => {
  const links = [...document.querySelectorAll(`a[href="${CSS.escape(address)}"]`)];
  const listed = links.map((link) => link.closest(".feed li, .card")).filter(Boolean);
  if (gone) {
    listed.forEach((item) => item.remove());
    document.querySelector(`.chats a[href^="${CSS.escape(address)}#"]`)?.closest("li").remove();
    articles.delete(address);
    const status = document.getElementById("live-status");
    if (location.pathname === address) status.textContent = status.dataset.withdrawn;
  } else if (!listed.length && told.at > (newest() ?? "")) articles.set(address, told);
  count();
});

function newest() {
  const time = (feed ?? document).querySelector("time");
  return time && new Date(time.dateTime).toISOString();
}

tab?.addEventListener("click", () => {
  const most = feed.children.length;
  for (const [address, { headline, at, lang, dir }] of articles) {
    const item = feed.querySelector("li").cloneNode(true);
    const [time, link] = [item.querySelector("time"), item.querySelector("a")];
    [time.dateTime, link.href, link.textContent] = [at, address, headline];
    Object.assign(link, { lang, dir });
    link.removeAttribute("aria-current");
    item.className = "new";
    feed.prepend(item);
  }
  while (feed.children.length > most) feed.lastElementChild.remove();
  articles.clear();
  count();
  document.dispatchEvent(new CustomEvent("newsroom:load", { detail: feed }));
});
if (tab) tab.dataset.count = 0;

for (const list of document.querySelectorAll("[data-live=chats]")) {
  const waiting = new Map();
  const find = (id) => list.querySelector(`[data-chat="${id}"]`);

  // Nothing moves under the pointer or the focus: it waits until they have left.
  const settle = () => {
    if (list.matches(":hover, :focus-within")) return;
    for (const chat of waiting.values()) {
      const item = find(chat.id) ?? list.querySelector("template").content.firstElementChild.cloneNode(true);
      item.remove();
      if (chat.gone) continue;
      list.querySelector(".empty")?.remove();
      item.dataset.chat = chat.id;
      fill(item, chat);
      const older = [...list.querySelectorAll("[data-chat]")].find(
        (other) => new Date(other.querySelector("time").dateTime) < new Date(chat.at),
      );
      list.insertBefore(item, older ?? null);
    }
    waiting.clear();
    for (const item of [...list.querySelectorAll("[data-chat]")].slice(list.dataset.most)) item.remove();
  };

  const fill = (item, { headline, section, address, at, count, said, lang, dir }) => {
    const words = { headline, section, comments: counted(list, count), who: said?.name, what: said?.text };
    for (const [name, text] of Object.entries(words))
      for (const place of item.querySelectorAll(`[data-${name}]`)) place.textContent = text ?? "";
    for (const link of item.querySelectorAll("a[data-headline]")) Object.assign(link, { href: address, lang, dir });
    for (const link of item.querySelectorAll("a[data-what]")) link.href = said?.address ?? address;
    item.querySelector("time").dateTime = at;
    document.dispatchEvent(new CustomEvent("newsroom:load", { detail: item }));
  };

  document.addEventListener("live:chats", ({ detail: chat }) => {
    const item = find(chat.id);
    if (item && !chat.gone) fill(item, chat);
    waiting.set(chat.id, chat);
    settle();
  });
  list.addEventListener("pointerleave", settle);
  list.addEventListener("focusout", () => setTimeout(settle));
}
