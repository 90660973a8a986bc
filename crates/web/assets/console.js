// Everything on these pages works without this script. It saves a click here and there and
// keeps what the page says about time from going stale. Served with the call that hands it `say`,
// its words in the reader's language.
((say) => {
  "use strict";

  // A tick is the act: send the form at once. The button stays for those without script.
  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    const box = form.querySelector("input[type=checkbox]");
    if (!box || box.disabled) continue;
    for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
    for (const hint of form.querySelectorAll("[data-with-script]")) hint.hidden = false;
    // Without script the box must be ticked before "Grant access" is sent; here the tick sends it.
    box.required = false;
    box.addEventListener("change", () => {
      form.setAttribute("aria-busy", "true");
      form.requestSubmit();
    });
  }

  // The browser's zone, for the server to word times in. Only where there are times: a page that
  // shows none leaves nothing behind in the browser.
  function tellZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const pair = `tz=${zone}`;
    const told = () => document.cookie.split("; ").includes(pair);
    if (!zone || !document.querySelector("time") || told()) return;
    document.cookie = `${pair}; path=/; max-age=31536000; samesite=lax`;
    // What was said or typed on this page would be lost by loading it again; the next page will do.
    const keep = document.querySelector(".notice, [aria-invalid]");
    if (zone !== "UTC" && told() && !keep) window.location.reload();
  }
  tellZone();

  // One click, one act.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });

  // A page from the back button shows what was true then.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) continue;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = say.copied;
      } catch {
        button.textContent = say.pressCtrlC;
      }
      setTimeout(() => {
        button.textContent = label;
      }, 2500);
    });
  }

  // Time left, counted from when the page was made: only differences of this clock are used.
  const started = Date.now();
  const counters = [...document.querySelectorAll("[data-left-ms]")].filter((el) => Number(el.dataset.leftMs) > 0);

  function words(ms) {
    const all = Math.floor(ms / 60000);
    if (all < 1) return say.underAMinute;
    let days = Math.floor(all / 1440);
    if (days < 2) days = 0;
    const hours = Math.floor(all / 60) - days * 24;
    const minutes = all % 60;
    const kind = days ? (hours ? "daysHours" : "days") : hours ? (minutes ? "hoursMinutes" : "hours") : "minutes";
    return say[kind].replace("{days}", days).replace("{hours}", hours).replace("{minutes}", minutes);
  }

  function tick() {
    for (const el of counters) {
      const left = Number(el.dataset.leftMs) - (Date.now() - started);
      // Whether access has ended is for the server to say.
      const text = left > 0 ? words(left) : say.ended;
      if (el.textContent !== text) el.textContent = text;
    }
  }

  if (counters.length) setInterval(tick, 5000);
})
