/** What a browser finds of a page, run within it. */

/** Every text with less contrast than 4.5 to 1, and every edge of a field or button with less than 3 to 1. */
export const faint = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((one) => one / 255)
      .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      const alpha = channels(backgroundColor)[3] ?? 1;
      if (alpha === 1) return backgroundColor;
      if (alpha > 0) throw new Error("half transparent: " + at.tagName);
    }
    throw new Error("no ground");
  };
  const found = [];
  let looked = 0;
  for (const element of document.body.querySelectorAll("*")) {
    if (element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    if ([...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "")) {
      looked += 1;
      const contrast = ratio(style.color, ground(element));
      if (contrast < 4.5) found.push(element.tagName + " " + element.textContent + " " + contrast.toFixed(2));
    }
    if (element.matches("input, button")) {
      const contrast = ratio(style.borderTopColor, ground(element.parentElement));
      if (contrast < 3) found.push("edge of " + element.tagName + " " + contrast.toFixed(2));
    }
  }
  return { found, looked };
})()`;

export const overflow = `document.documentElement.scrollWidth - document.documentElement.clientWidth`;
/** Texts that stick out of the sheet, where they would be cut off or cover something. */
export const spilled = `(() => {
  const sheet = document.querySelector("main").getBoundingClientRect();
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, width } of range.getClientRects()) {
      if (width > 0 && (left < sheet.left || right > sheet.right)) found.push(node.data.slice(0, 40));
    }
  }
  return found;
})()`;
export const focused = `[document.activeElement.tagName, document.activeElement.name, document.activeElement.value].join(" ")`;
