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
    if (zone === "UTC" || !told() || keep) return;
    loadAgain();
  }

  // A browser goes back to where a page stood that it loads again; it is to stand at what its address names.
  const AGAIN = "again";

  function loadAgain() {
    window.history.scrollRestoration = "manual";
    window.history.replaceState(AGAIN, "");
    window.location.reload();
  }
  tellZone();

  // A cookie leads back whoever has to sign in; the server is not told which part of the page was asked for.
  function tellPart() {
    const { pathname, search, hash } = window.location;
    const kept = document.cookie.split("; ").find((pair) => pair.startsWith("__Host-countersign-asked="));
    if (!hash || decodeURIComponent(kept?.split("=")[1] ?? "") !== pathname + search) return;
    document.cookie = `${kept}${encodeURIComponent(hash)}; path=/; max-age=3600; secure; samesite=lax`;
  }
  tellPart();

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
    if (window.history.state !== AGAIN) return;
    window.history.replaceState(null, "");
    document.querySelector(":target")?.scrollIntoView();
  });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

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
  const ends = new Map();

  function count(within) {
    for (const el of within.querySelectorAll("[data-left-ms]")) {
      const left = Number(el.dataset.leftMs);
      if (left > 0) ends.set(el, Date.now() + left);
    }
  }

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
    for (const [el, end] of ends) {
      const left = end - Date.now();
      // Whether access has ended is for the server to say.
      const text = left > 0 ? words(left) : say.ended;
      if (el.textContent !== text) el.textContent = text;
    }
  }

  count(document);
  setInterval(tick, 5000);

  // What changes while the page is open. Nothing moves that somebody may be about to press: a bar
  // over the page says what has happened and loads it when it is pressed, and what decides nothing is
  // put in as it is. Documents are read and never written as text.
  const bar = document.getElementById("news");
  let asking = null;
  let pause = 1000;

  function read(address, done) {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = 60000;
    request.addEventListener("loadend", () => done(request));
    request.send();
    return request;
  }

  function ask() {
    if (!bar || asking || document.hidden) return;
    asking = read(`${bar.dataset.from}?seen=${encodeURIComponent(bar.dataset.seen)}`, (request) => {
      if (asking !== request) return;
      asking = null;
      const news = request.status === 200 && request.response?.querySelector("main[data-seen]");
      if (news) {
        bar.dataset.seen = news.dataset.seen;
        take(news);
      } else if (request.status === 401) {
        announce(bar.dataset.over);
        return;
      } else if (request.status === 404 && bar.dataset.gone) {
        announce(bar.dataset.gone);
        return;
      }
      // Whoever cannot answer now is asked less and less often.
      pause = news || request.status === 204 ? 1000 : Math.min(pause * 2, 60000);
      setTimeout(ask, pause);
    });
  }

  // A row keeps its place and its buttons while somebody may be about to press one; what is new
  // comes at the end.
  function merge(rows, fresh) {
    for (const row of rows.children) {
      const now = fresh.querySelector(`#${CSS.escape(row.id)} > .row-main`);
      row.toggleAttribute("data-over", !now);
      row.querySelector(".live-over").hidden = Boolean(now);
      for (const button of row.querySelectorAll("button")) button.disabled = !now;
      if (now) row.querySelector(".row-main").replaceChildren(...imported(now));
    }
    const added = [...fresh.children].filter((row) => !document.getElementById(row.id));
    rows.append(...added.map((row) => document.importNode(row, true)));
    document.getElementById("live-none").hidden = rows.children.length > 0;
    recount();
  }

  function imported(from) {
    return [...from.childNodes].map((node) => document.importNode(node, true));
  }

  function recount() {
    ends.clear();
    count(document);
  }

  // Where something stands, and whether a button that is there already can be pressed: neither moves.
  function put(news) {
    for (const now of news.querySelectorAll("[data-put]")) {
      const place = document.getElementById(now.dataset.put);
      place?.replaceChildren(...imported(now));
      if (place) count(place);
    }
    for (const end of ends.keys()) if (!end.isConnected) ends.delete(end);
    for (const can of news.querySelectorAll("[data-can]")) {
      const button = document.getElementById(can.dataset.can);
      if (button) button.disabled = !("now" in can.dataset);
    }
  }

  // A row keeps its place when its case moves on to another group; the heading over it says so.
  function regroup(now) {
    for (const name of document.querySelectorAll("[data-or-changed]")) {
      const heading = name.parentElement;
      const rows = [...heading.parentElement.querySelectorAll("li[id]")];
      const left = rows.some((row) => now.get(row.id)?.dataset.group !== heading.id);
      name.dataset.name ??= name.textContent;
      name.textContent = left ? name.dataset.orChanged : name.dataset.name;
    }
  }

  // What is offered in a state gives way as a whole when that is over, to a sentence in the room it had.
  const putAside = new Map();

  function offer(fresh) {
    for (const box of document.querySelectorAll("[data-instead]")) {
      const offered = putAside.get(box);
      if (fresh?.getElementById(box.id)) {
        if (offered) box.replaceChildren(...offered);
        putAside.delete(box);
      } else if (!offered) {
        box.style.blockSize = `${box.offsetHeight}px`;
        putAside.set(box, [...box.childNodes]);
        box.replaceChildren(document.createElement("p"));
        box.firstChild.textContent = box.dataset.instead;
      }
    }
  }

  // What a page says of the state follows it, in the room it has: what needs more can be scrolled in it, and what
  // no longer stands on the page gives way. So nothing is said that is no longer true, and nothing moves.
  function follow(news) {
    if (!document.querySelector("[data-follow]")) {
      put(news);
      return;
    }
    read(window.location.pathname + window.location.search, (request) => {
      const fresh = request.status === 200 && request.response;
      offer(fresh);
      for (const place of document.querySelectorAll("[data-follow]")) {
        const now = fresh ? fresh.getElementById(place.id) : null;
        if (place instanceof HTMLButtonElement) {
          place.disabled = !now || now.disabled;
          continue;
        }
        const { height, width } = place.getBoundingClientRect();
        place.style.blockSize = `${height}px`;
        place.style.minInlineSize = `${width}px`;
        place.replaceChildren(...(now ? imported(now) : []));
        place.toggleAttribute("data-outdated", !now);
        const tight = Boolean(now) && place.scrollHeight > Math.ceil(height);
        place.toggleAttribute("data-tight", tight);
        // What scrolls is scrolled with the keyboard too.
        if (tight) {
          place.tabIndex = 0;
        } else {
          place.removeAttribute("tabindex");
        }
      }
      recount();
    });
  }

  window.addEventListener("resize", () => {
    for (const place of document.querySelectorAll("[data-follow], [data-instead]")) {
      place.style.blockSize = "";
      place.style.minInlineSize = "";
    }
  });

  function take(news) {
    const rows = document.getElementById("live-rows");
    if (rows) {
      merge(rows, news.querySelector("#live-rows"));
      return;
    }
    const said = (what) => news.querySelector(`[data-say="${what}"]`).textContent;
    // What waits to be accepted is on the page above everything else that is.
    const waiting = (of) => (of.dataset.waiting ?? "").split(" ").filter(Boolean);
    const known = waiting(bar);
    const asked = waiting(news).filter((one) => !known.includes(one));
    if (asked.length) {
      bar.dataset.waiting = news.dataset.waiting;
      const waits = [...news.querySelectorAll("[data-waits]")].filter((one) => asked.includes(one.dataset.waits));
      announce(waits.map((one) => one.textContent).join(" "), "waiting");
    }
    const swap = document.getElementById("summary");
    if (swap) {
      read(window.location.pathname, (request) => {
        const fresh = request.status === 200 && request.response?.getElementById("summary");
        if (!fresh) return;
        const held = swap.contains(document.activeElement) && document.activeElement.hash;
        swap.replaceChildren(...imported(fresh));
        if (held) [...swap.querySelectorAll("a")].find(({ hash }) => hash === held)?.focus();
        recount();
      });
      return;
    }
    follow(news);
    const cards = [...document.querySelectorAll("[data-seen][id^=case-]")];
    const now = new Map([...news.querySelectorAll("[data-card]")].map((item) => [item.dataset.card, item]));
    regroup(now);
    const changed = [...now.values()].filter((item) => {
      const card = document.getElementById(item.dataset.card);
      const differs = card?.dataset.seen !== item.dataset.seen;
      card?.toggleAttribute("data-changed", differs);
      return differs;
    });
    const gone = cards.filter((card) => !now.has(card.id));
    for (const card of gone) card.setAttribute("data-changed", "");
    const all = changed.length + gone.length;
    if (asked.length) return;
    const reads = news.dataset.reads !== bar.dataset.reads;
    bar.dataset.reads = news.dataset.reads;
    const why = [...news.querySelectorAll("[data-gone]")].find((one) => one.dataset.gone === gone[0]?.id);
    if (reads) announce(said("rules"));
    else if (all > 1) announce(said("several"));
    else if (gone.length) announce(why?.textContent ?? said("gone"));
    else if (changed.length) announce(changed[0].textContent, changed[0].dataset.card);
    else announce(said("else"));
  }

  function announce(text, card) {
    const show = bar.querySelector("a");
    show.hash = card ?? "";
    bar.querySelector("p").textContent = text;
    if (!show.hidden) return;
    show.hidden = false;
    // A press that was meant for what lies under the bar still reaches it.
    setTimeout(() => bar.classList.add("news-ready"), 700);
    // To the address that the page has already, a link only moves: it has to be loaded.
    show.addEventListener("click", (event) => {
      event.preventDefault();
      window.history.replaceState(null, "", show.href);
      loadAgain();
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      ask();
      return;
    }
    // A page that nobody looks at asks for nothing.
    const request = asking;
    asking = null;
    request?.abort();
  });
  ask();
})
