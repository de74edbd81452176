// Control and format characters: terminal escapes, bidi marks, zero-width and tag characters, and what is never
// drawn (variation selectors, fillers). They can hide text from a person that a model still reads.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]+/gu;
const instantPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Text that people wrote, as one line of data: nothing invisible, no line breaks, no tabs. */
export function cleanText(text: string): string {
  const instant = instantPattern.exec(text);
  if (instant) return `${instant[1]}${instant[2]}`;
  return text.replace(invisible, " ").replace(/ {2,}/g, " ").trim();
}
