// The next article loads in place when its title is reached; the address bar follows the eye.
const AT_ONCE = 5; // then it waits to be asked for, so that the end of the page can be reached

let loaded = 0;

const inView = new IntersectionObserver(
  (entries) => {
    const story = entries.find((entry) => entry.isIntersecting)?.target;
    if (!story || story.dataset.address === location.pathname) return;
    history.replaceState(history.state, "", story.dataset.address);
    document.title = story.dataset.title;
  },
  { rootMargin: "-40% 0px -50% 0px" },
);

const reached = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting && loaded < AT_ONCE) load(entry.target);
  },
  { rootMargin: "0px 0px 200px 0px" },
);

async function load(following) {
  reached.unobserve(following);
  loaded += 1;
  const loader = following.querySelector(".loader");
  loader.hidden = false;
  try {
    const response = await fetch(following.querySelector("[data-next]").href);
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const story = page.querySelector(".story");
    if (document.querySelector(`[data-address="${CSS.escape(story.dataset.address)}"]`)) return;
    const talk = document.createElement("p");
    const link = document.createElement("a");
    link.className = "button";
    link.href = `${story.dataset.address}#discussion`;
    link.textContent = page.querySelector("#discussion-title").textContent;
    talk.append(link);
    following.replaceWith(story, talk, ...page.querySelectorAll(".following"));
    watch();
    document.dispatchEvent(new CustomEvent("newsroom:load", { detail: story }));
  } catch {
    // The link stays, and says where it leads.
  } finally {
    loader.hidden = true;
  }
}

function watch() {
  document.querySelectorAll(".story").forEach((story) => inView.observe(story));
  document.querySelectorAll(".following").forEach((following) => reached.observe(following));
}

// Copying the address, or the system's own sheet where there is one.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const url = button.dataset.share;
  if (navigator.share) {
    await navigator.share({ url, title: document.title }).catch(() => {});
  } else {
    await navigator.clipboard.writeText(url);
    button.textContent = button.dataset.done;
  }
});

function offer(root) {
  const possible = navigator.share || navigator.clipboard;
  if (possible) root.querySelectorAll("[data-share]").forEach((button) => (button.hidden = false));
}

document.addEventListener("newsroom:load", (event) => offer(event.detail));
offer(document);
watch();
