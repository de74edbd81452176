import { plainReason } from "../../node/file-errors.ts";
import { cleanText } from "../../text/english.ts";
import { nearestTo } from "../../text/nearest.ts";
import type { JobWorld } from "../job.ts";
import { type LetterTemplate, templateIn } from "./template.ts";

/** No path, no device, nothing hidden: a file of its own in the folder. */
const plain = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,63}$/u;
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;
const mostNamed = 12;

/** The text of this name in `templates/` of the state folder, never a path; or why there is none. */
export async function readTemplate(
  typed: string,
  { state }: Pick<JobWorld, "state">,
): Promise<LetterTemplate | { readonly wrong: readonly string[] }> {
  const name = typed.trim().replace(/\.txt$/i, "");
  const where = "templates/ of the state folder";
  if (!plain.test(name) || device.test(name))
    return {
      wrong: [`template is the name of a text in ${where}, not a path: letters, digits, blanks, - and _.`],
    };
  let text: string | undefined;
  try {
    text = await state.text("templates", `${name}.txt`).read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return {
      wrong: [
        `The template ${name} in ${where} could not be read (${plainReason(error)}): it has to be a plain text file.`,
      ],
    };
  }
  if (text === undefined) {
    const all = (await state.names("templates")).flatMap(
      ({ name: one }) => /^(.+)\.txt$/i.exec(one)?.[1] ?? [],
    );
    const near = nearestTo(name, all);
    const there = (near.length > 0 ? near : all)
      .slice(0, mostNamed)
      .map((one) => cleanText(one).slice(0, 64));
    return {
      wrong: [
        `There is no template “${name}” in ${where}${there.length > 0 ? `; there are: ${there.join(", ")}` : ", and no other"}. Without template it is one of ours.`,
      ],
    };
  }
  const parsed = templateIn(text);
  return "wrong" in parsed ? { wrong: parsed.wrong.map((one) => `Template ${name}, ${one}`) } : parsed;
}
