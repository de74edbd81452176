import type { JobContext } from "../../call/job-context.ts";
import type { Board } from "../../pages/board.ts";
import { boardOf, type MakePieces } from "../../pages/pieces.ts";
import type { Reply } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf, wholeOf } from "../../reply/report.ts";
import { CannotKeep, type Export } from "../../state/ports.ts";
import type { JobWorld } from "../job.ts";
import { languageSeen } from "./academy-language.ts";
import { plainBoard } from "./plain-board.ts";

/** Rows on a page: beyond, the browser is slower than whoever searches. */
const mostOnPage = 10_000;
/** Rows in a chat at first, as many as the text has. */
const mostInChat = 100;

interface LookedAt {
  readonly kind: Board["kind"];
  /** A page was asked for. */
  readonly save: boolean;
}

/** A reply with what there is to look at beside its text: as a page that is kept, or for a host that shows apps. */
export async function lookedAt(
  { pieces, ...reply }: Reply,
  { kind, save }: LookedAt,
  world: JobWorld,
  { showsApps, signal }: Pick<JobContext, "showsApps" | "signal">,
): Promise<Reply> {
  if (pieces === undefined)
    return save && reply.outcome === "done"
      ? saying(reply, "There is nothing here to make a page of.")
      : reply;
  const language = await languageSeen(world, signal);
  const { notes, as_of: asOf } = reply.structured ?? {};
  const about = {
    kind,
    language,
    asOf: typeof asOf === "string" ? asOf : undefined,
    notes: Array.isArray(notes) ? notes.map(String) : [],
    isPretend: world.isPretend,
  };
  const shown = showsApps
    ? { ...reply, board: plainBoard(boardOf(pieces, { ...about, most: mostInChat, isLive: true })) }
    : reply;
  return save ? keepPage(shown, pieces, about, world) : shown;
}

async function keepPage(
  reply: Reply,
  pieces: MakePieces,
  about: Omit<Parameters<typeof boardOf>[1], "most" | "isLive">,
  { exports, open, pageAt }: JobWorld,
): Promise<Reply> {
  const board = plainBoard(boardOf(pieces, { ...about, most: mostOnPage, isLive: false }));
  const { htmlPage } = await import("../../pages/html-page.tsx");
  const bytes = new TextEncoder().encode(htmlPage(board));
  try {
    const page = await exports.keep({ name: board.title, bytes, extension: "html" });
    const address = page.file === undefined ? pageAt?.(page.id) : undefined;
    const opened = page.file === undefined ? undefined : await openedText(page.file, open);
    return {
      ...saying(reply, whereIs(page, address), ...(opened ? [opened] : [])),
      ...(reply.structured && {
        structured: { ...reply.structured, page: { ...exportOf(page).export, ...(address && { address }) } },
      }),
      link: linkTo(page),
    };
  } catch (error) {
    if (error instanceof CannotKeep) return saying(reply, error.message.replace(/^The report/, "The page"));
    throw error;
  }
}

/** Undefined: nobody wants it opened. */
async function openedText(file: string, open: JobWorld["open"]): Promise<string | undefined> {
  if (open === undefined) return undefined;
  return (await open(file)) ? "It is open in the browser." : "It could not be opened here: open the file.";
}

/** Of a page that is on no computer of theirs: where they look at it, or else how it becomes a file of theirs. */
function whereIs(page: Export, address: string | undefined): string {
  const first = "A page to look at and print, kept for 7 days";
  if (page.file !== undefined) return `${first}, ${placeOf(page)}`;
  if (address !== undefined)
    return `${first}: ${address} (only whoever asked for it sees it, and signs in there); ${placeOf(page)}`;
  return `${first}, ${placeOf(page)}. To look at it, save what resources/read of ${wholeOf(page)} gives as ${page.id}.html, and open that.`;
}

const saying = (reply: Reply, ...lines: readonly string[]): Reply => ({
  ...reply,
  text: [reply.text, ...lines].join("\n"),
});
