// The banner over the product's page. Without this script the banner says when access ends and
// ends the session by a form; with it the time counts down, and when access is over, what the page
// still shows is taken away. Served with the call that hands it `say`, its words in the reader's
// language; nothing of it is left among the page's own names.
((say) => {
  "use strict";
  const POLL = 5000;
  const RETRY = 2000;
  const ENDING = 10000;
  const PATIENCE = 3;
  const SOON = 5 * 60000;
  const TIMERS = 100000;
  const NAME = "countersign-banner";
  const SMALL = "countersign.small";

  const host = document.currentScript?.closest(NAME) ?? document.querySelector(NAME);
  if (!host || window.top !== window) return;
  // For browsers that do not know declarative shadow roots.
  const template = host.querySelector("template[shadowrootmode]");
  if (!host.shadowRoot && template) {
    host.attachShadow({ mode: "open" }).append(template.content);
    template.remove();
  }
  const find = (selector) => host.shadowRoot?.querySelector(selector);
  const bar = find(".bar");
  if (!bar) return;
  const left = find(".left");
  const live = find("p.said");
  const tuck = find(".tuck");
  const time = find("time");
  // The page may have wrapped it by the time it is needed.
  const fetch = window.fetch.bind(window);

  // Only differences of a clock of this browser are used: what it says itself may be wrong.
  let ends = performance.now() + Number(bar.dataset.leftMs);
  let idleEnds = Infinity;
  let timer;
  let misses = 0;
  let answered = false;
  let denied = false;
  let covered = false;
  let asking = false;
  let announced = Infinity;

  function words(ms) {
    const all = Math.floor(ms / 60000);
    if (all < 1) return say.underAMinute;
    const hours = Math.floor(all / 60);
    const minutes = all % 60;
    const kind = hours ? (minutes ? "hoursMinutes" : "hours") : "minutes";
    return say[kind].replace("{hours}", hours).replace("{minutes}", minutes);
  }

  function announce(text) {
    if (live.textContent !== text) live.textContent = text;
  }

  function tick() {
    const now = performance.now();
    const idle = idleEnds < ends;
    const ms = Math.min(ends, idleEnds) - now;
    // Idleness is worth a word only when it is near.
    const shown = idle && ms > SOON ? ends - now : ms;
    let text = shown > 0 ? words(shown) : say.timeIsUp;
    if (idle && ms <= SOON && ms > 0) text = say.idleLeft.replace("{left}", text);
    if (misses >= PATIENCE && answered) text = say.unreachable;
    if (left.textContent !== text) left.textContent = text;
    left.hidden = false;
    bar.toggleAttribute("data-soon", shown <= SOON);
    for (const mark of [10, 5, 1]) {
      if (shown > 0 && shown <= mark * 60000 && announced > mark) {
        announced = mark;
        const sentences = idle && ms <= SOON ? say.idleEndsIn : say.endsIn;
        // Whoever opens a page in the ninth minute is told the minutes there are.
        announce(sentences[Math.max(1, Math.ceil(shown / 60000)) - 1]);
      }
    }
    if (shown > 10 * 60000) announced = Infinity;
  }

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  // Access is over: what the page holds was shown under it, so it goes.
  function cover({ title, why, next, case_url: back }) {
    if (covered) return;
    covered = true;
    clearTimeout(timer);
    clearInterval(ticking);
    keeping.disconnect();
    leave();
    window.stop();
    // The page's own timers would only ask for what is refused now.
    const last = setTimeout(() => {}, 0);
    // A page that hands out numbers of its own may begin anywhere.
    for (let id = last; id > Math.max(0, last - TIMERS); id -= 1) clearTimeout(id);
    const heading = element("h1", { tabindex: "-1" }, title);
    const main = element(
      "main",
      { class: "refusal" },
      element("p", { class: "refusal-brand" }, "Countersign"),
      heading,
      element("h2", {}, say.why),
      element("p", { role: "alert" }, why),
      element("h2", {}, say.whatYouCanDo),
      element("p", {}, next),
    );
    if (back) main.append(element("div", { class: "refusal-acts" }, element("a", { href: back, target: "_self" }, say.back)));
    const head = element(
      "head",
      {},
      element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      element("title", {}, `${title} · Countersign`),
      element("link", { rel: "stylesheet", href: `${location.origin}/.countersign/style.css` }),
    );
    const body = element("body", {}, main);
    const html = document.documentElement;
    const put = () => {
      for (const name of html.getAttributeNames()) html.removeAttribute(name);
      html.lang = say.lang;
      html.dir = say.dir;
      document.adoptedStyleSheets = [];
      html.replaceChildren(head, body);
      body.replaceChildren(main);
    };
    put();
    heading.focus();
    // What the product's script still adds does not stay.
    let left = 1000;
    new MutationObserver((_, observer) => {
      const whole = html.children.length === 2 && head.parentNode === html && body.parentNode === html;
      if (whole && body.childNodes.length === 1 && main.parentNode === body) return;
      left -= 1;
      if (left === 0) observer.disconnect();
      put();
    }).observe(html, { childList: true, subtree: true });
  }

  // Whoever ends the session here is about to be shown that page.
  let ending = -Infinity;
  find("form")?.addEventListener("submit", () => {
    ending = performance.now();
    leave();
  });
  const isEnding = () => performance.now() < ending + ENDING;

  // The gateway does not know this browser any more, so it does not say why.
  function unknown() {
    if (!isEnding()) cover({ ...say.over, case_url: bar.dataset.case });
  }

  function judge(status) {
    answered = true;
    misses = 0;
    denied = false;
    if (status.over) {
      if (!isEnding()) cover({ case_url: bar.dataset.case, ...status.over });
      return;
    }
    const now = performance.now();
    const at = (instant) => now + (Date.parse(instant) - Date.parse(status.now));
    ends = at(status.ends_at);
    idleEnds = at(status.idle_ends_at);
    local(status.ends_at);
    tick();
  }

  // The end in the reader's own time; UTC stays in the title.
  function local(instant) {
    if (time.dateTime === instant && time.title) return;
    const end = new Date(instant);
    const today = end.toDateString() === new Date().toDateString();
    const utc = new Intl.DateTimeFormat(say.dates, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
    time.dateTime = instant;
    time.title = `${utc.format(end)} UTC`;
    time.textContent = new Intl.DateTimeFormat(say.dates, {
      ...(today ? {} : { day: "numeric", month: "short" }),
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "short",
    }).format(end);
  }

  function from(path, more) {
    return fetch(`${location.origin}/.countersign/${path}`, {
      cache: "no-store",
      credentials: "same-origin",
      headers: { accept: "application/json" },
      redirect: "error",
      ...more,
    });
  }

  async function ask() {
    if (covered || asking) return;
    asking = true;
    clearTimeout(timer);
    try {
      const answer = await from("status");
      const body = await answer.json().catch(() => null);
      if (answer.ok && body) judge(body);
      // Said twice, 401 is sure: another process of the gateway may be a moment behind. Anything
      // else is a gateway that cannot say, which may pass.
      else if (answer.status !== 401) misses += 1;
      else if (denied) unknown();
      else denied = true;
    } catch {
      misses += 1;
    }
    asking = false;
    if (covered) return;
    tick();
    const next = Math.min(ends, idleEnds) - performance.now();
    timer = setTimeout(ask, denied ? 1000 : next > 0 ? Math.min(POLL, next + 50) : POLL);
  }

  // The gateway answers this one when access ends. Browsers open few connections to an origin, so one page
  // of a session waits at a time, one that is looked at, and tells the others; asking now and then is for
  // when that fails.
  const others = window.BroadcastChannel && new BroadcastChannel(NAME);
  let waiting = null;

  async function wait() {
    if (covered || document.hidden || waiting || isEnding()) return;
    const mine = new AbortController();
    const { signal } = mine;
    waiting = mine;
    while (!signal.aborted && !covered) {
      try {
        await (navigator.locks ? navigator.locks.request(NAME, { signal }, () => untilOver(signal)) : untilOver(signal));
      } catch {
        // Nobody looks any more; or it failed, and another page has its turn.
      }
      if (!signal.aborted && !covered) await pause(signal, RETRY);
    }
    if (waiting === mine) waiting = null;
  }

  function pause(signal, ms) {
    return new Promise((resolve) => {
      signal.addEventListener("abort", resolve, { once: true });
      setTimeout(resolve, ms);
    });
  }

  async function untilOver(signal) {
    while (!signal.aborted && !covered) {
      const answer = await from("over", { signal }).catch(() => null);
      const status = answer?.ok ? await answer.json() : null;
      if (!status) {
        // Where many answers share a connection, it is cut when access ends.
        if (!signal.aborted) ask();
        return;
      }
      if (status.over) {
        others?.postMessage("over");
        judge(status);
        return;
      }
      await pause(signal, 100);
    }
  }

  function leave() {
    waiting?.abort();
    waiting = null;
  }

  function small(yes) {
    host.toggleAttribute("data-small", yes);
    tuck.textContent = yes ? say.show : say.hide;
    tuck.setAttribute("aria-expanded", String(!yes));
  }

  function remembered(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(SMALL) === "yes";
      sessionStorage.setItem(SMALL, value ? "yes" : "no");
    } catch {
      // The page may have been denied storage; then it is not remembered.
    }
    return false;
  }

  tuck.hidden = false;
  tuck.addEventListener("click", () => {
    const yes = !host.hasAttribute("data-small");
    small(yes);
    remembered(yes);
  });
  small(remembered());

  // Products that change pages by exchanging the body would leave the banner behind, and behind a page
  // that does not end what it begins it may stand in something that hides it.
  const keeping = new MutationObserver(keep);
  function keep() {
    const inPlace = host.isConnected && (host.parentNode === document.body || !document.body);
    if (!inPlace && document.body) document.body.prepend(host);
    watch();
  }
  let watched;
  function watch() {
    if (watched === document.body) return;
    watched = document.body;
    keeping.disconnect();
    keeping.observe(document.documentElement, { childList: true });
    if (watched) keeping.observe(watched, { childList: true });
  }
  keep();

  function look() {
    ask();
    wait();
  }
  for (const event of ["focus", "pageshow", "online"]) window.addEventListener(event, look);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : look()));
  window.addEventListener("pagehide", leave);
  others?.addEventListener("message", ask);
  local(time.dateTime);
  tick();
  const ticking = setInterval(tick, 1000);
  look();
})
