// What is left of a page where the reader's own few colours replace all of ours: what can be pressed or filled in has an
// edge, what has the focus says so, and no state is told by colour alone.

export async function lostInForcedColours(page) {
  // From now on focus comes from the keyboard, and shows.
  await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const found = new Set();
    const name = (el) => `${el.localName}${el.className ? `.${el.getAttribute("class").split(" ").join(".")}` : ""}`;
    const seen = (el) => el.checkVisibility({ visibilityProperty: true }) && !el.closest(".visually-hidden");
    const SIDES = ["Top", "Right", "Bottom", "Left"];
    const edge = (style, side, ground) =>
      style[`border${side}Style`] !== "none" &&
      Number.parseFloat(style[`border${side}Width`]) >= 1 &&
      style[`border${side}Color`] !== ground;
    const ground = (el) => {
      for (let at = el; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (!/rgba\(.*, 0\)$|transparent/.test(backgroundColor)) return backgroundColor;
      }
      return "rgb(0, 0, 0)";
    };
    const KINDS = "button, .button, .chip, .tag, textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])";
    for (const el of document.querySelectorAll(KINDS)) {
      if (!seen(el)) continue;
      const style = getComputedStyle(el);
      // A button that reads as a link is told by its underline, as links are, where pressing it does something.
      const idle = el.disabled || el.hasAttribute("aria-current");
      const link = el.matches(".link-button") && (idle || style.textDecorationLine.includes("underline"));
      const around = ground(el.parentElement ?? el);
      if (!link && !SIDES.every((side) => edge(style, side, around))) found.add(`${name(el)} has no edge`);
      if (el.matches(".chip, .tag") && !el.textContent.trim()) found.add(`${name(el)} says nothing`);
    }
    for (const el of document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")) {
      if (!seen(el) || el.disabled || el.type === "hidden") continue;
      el.focus();
      if (document.activeElement !== el) continue;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(el);
      const shows = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      if (!shows || outlineColor === ground(el.parentElement ?? el)) found.add(`focus does not show on ${name(el)}`);
    }
    document.activeElement?.blur();
    // Where somebody is among the tabs, by more than a colour.
    const shape = (el) => {
      const { fontWeight, textDecorationLine, borderBlockEndWidth, borderBlockEndStyle, borderBlockEndColor } =
        getComputedStyle(el);
      const line = borderBlockEndStyle !== "none" && borderBlockEndColor !== ground(el) ? borderBlockEndWidth : "0px";
      return [fontWeight, textDecorationLine, line].join(" ");
    };
    for (const here of document.querySelectorAll("[aria-current]")) {
      const others = [...(here.closest("ul, ol, nav")?.querySelectorAll("a") ?? [])].filter(
        (el) => el !== here && !el.hasAttribute("aria-current"),
      );
      if (others.some((other) => shape(other) === shape(here))) found.add(`${name(here)} is current by colour alone`);
    }
    for (const wrong of document.querySelectorAll("[aria-invalid=true]")) {
      const ids = (wrong.getAttribute("aria-describedby") ?? "").split(" ");
      const errors = ids.map((id) => document.getElementById(id)).filter((el) => el?.matches(".error"));
      const said = errors.some((el) => seen(el) && el.textContent.trim());
      if (!said) found.add(`${name(wrong)} is wrong by colour alone`);
    }
    return [...found];
  });
}
