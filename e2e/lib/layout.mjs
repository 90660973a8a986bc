// What a page looks like, judged by where things are.

// How many pixels the page is wider than its window, and by what.
export function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    const by = root.scrollWidth - root.clientWidth;
    if (by <= 0) return null;
    const beyond = ({ left, right }) => left < -1 || right > root.clientWidth + 1;
    const found = [...document.body.querySelectorAll("*")].filter((el) => beyond(el.getBoundingClientRect()));
    const name = (el) => `${el.localName}${el.className ? `.${el.getAttribute("class")}` : ""}`;
    return `${by} px: ${found.slice(-5).map(name).join(", ")}`;
  });
}

// Whatever moves of its own accord.
export function moving(page) {
  return page.evaluate(() => {
    const still = (value) => value.split(",").every((time) => Number.parseFloat(time) === 0);
    const found = [...document.querySelectorAll("*")].filter((el) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(el);
      return (animationName !== "none" && !still(animationDuration)) || !still(transitionDuration);
    });
    return [...new Set(found.map((el) => `${el.localName}.${el.getAttribute("class")}`))];
  });
}

// Pieces of somebody's text that moved the words around them: in each block, text in the order in which it is
// written is also in the order in which it is read, line by line.
export function displaced(page) {
  return page.evaluate(() => {
    const inline = (el) => getComputedStyle(el).display.startsWith("inline");
    const block = (node) => {
      let el = node.parentElement;
      while (inline(el) && el.parentElement) el = el.parentElement;
      return el;
    };
    const shown = ({ width, height }) => width > 1 && height > 1;
    const rects = (of) => {
      const range = document.createRange();
      range.selectNodeContents(of);
      return [...range.getClientRects()].filter(shown);
    };
    const found = [];
    for (const bdi of document.querySelectorAll("bdi")) {
      if (bdi.closest(".visually-hidden, [hidden]")) continue;
      const own = rects(bdi);
      if (own.length === 0) continue;
      const texts = [];
      const walker = document.createTreeWalker(block(bdi), NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.data.trim() && !bdi.contains(node) && block(node) === block(bdi)) texts.push(node);
      }
      const same = (a, b) => a.top < b.bottom - 2 && b.top < a.bottom - 2;
      const start = own.reduce((a, b) => (b.top < a.top - 2 ? b : a));
      const end = own.reduce((a, b) => (b.bottom > a.bottom + 2 ? b : a));
      for (const text of texts) {
        const before = text.compareDocumentPosition(bdi) & Node.DOCUMENT_POSITION_FOLLOWING;
        for (const rect of rects(text)) {
          const right = before ? same(rect, start) : same(rect, end);
          const line = own.filter((piece) => same(piece, rect));
          const left = Math.min(...line.map((piece) => piece.left));
          const stop = Math.max(...line.map((piece) => piece.right));
          const kept = line.length === 0 || (right && (before ? rect.right <= left + 1 : rect.left >= stop - 1));
          const order = before ? rect.top <= end.bottom : rect.bottom >= start.top;
          if (!kept || !order) found.push(`${bdi.textContent.slice(0, 40)} | ${text.data.trim().slice(0, 40)}`);
        }
      }
    }
    return found;
  });
}
