// Times in the page are absolute and everybody's; here they become the reader's: "12 min. ago".
// The day before the month and Western figures, as the server writes them (newsroom/formats).
const lang = document.documentElement.lang;
const language = `${lang === "en" ? "en-GB" : lang}-u-nu-latn`;
const relative = new Intl.RelativeTimeFormat(language, { style: "short", numeric: "auto" });
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "long" });
const full = (at) => `${day.format(at)}${lang === "ar" ? "،" : ","} ${clock.format(at)}`;

function age(time) {
  const at = new Date(time.dateTime);
  const seconds = (at - Date.now()) / 1000;
  time.title = full(at);
  if (seconds > -3600) time.textContent = relative.format(Math.round(seconds / 60), "minute");
  else if (seconds > -86400) time.textContent = relative.format(Math.round(seconds / 3600), "hour");
  else if (seconds > -7 * 86400) time.textContent = relative.format(Math.round(seconds / 86400), "day");
}

// How long it still is until then: "in 3 hr."
function left(time) {
  const minutes = Math.max(Math.ceil((new Date(time.dateTime) - Date.now()) / 60_000), 0);
  if (minutes < 120) time.textContent = relative.format(minutes, "minute");
  else if (minutes < 2880) time.textContent = relative.format(Math.round(minutes / 60), "hour");
  else time.textContent = relative.format(Math.round(minutes / 1440), "day");
}

function refresh(root = document) {
  root.querySelectorAll("time[data-age]").forEach(age);
  root.querySelectorAll("time[data-left]").forEach(left);
  root.querySelectorAll("time[data-full]").forEach((time) => {
    time.textContent = full(new Date(time.dateTime));
  });
  root.querySelectorAll("time[data-clock]").forEach((time) => {
    time.textContent = clock.format(new Date(time.dateTime));
  });
}

refresh();
setInterval(() => refresh(), 60_000);
document.addEventListener("newsroom:load", (event) => refresh(event.detail));
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
