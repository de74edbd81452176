import { answer, outcomeOf } from "../../src/call/finish/answer.ts";
import { createPendingApprovals } from "../../src/guard/question/pending-approvals.ts";
import { boundedLines } from "../../src/mcp/bounded-lines.ts";
import { readAddress } from "../../src/mcp/resource-address.ts";
import { BadCursor, readCursor, writeCursor } from "../../src/reply/cursor.ts";
import { Failure, parseResponse } from "../../src/skyprep/response.ts";
import { readCsv } from "../../src/tables/csv.ts";
import { tools } from "../support/catalogue.ts";
import { pageRoutes } from "../support/routes.ts";

export interface Target {
  /** Good inputs, which are spoilt. */
  readonly seeds: readonly string[];
  /** Throws where the input did any harm. `pick`: any whole number, for what else varies. */
  readonly take: (input: Buffer, pick: number) => void;
}

const all = [...tools.values()];
const samples = Object.values(pageRoutes).flatMap(({ response }) =>
  response === undefined ? [] : [JSON.stringify(response).slice(0, 1_500)],
);
const statuses = [200, 200, 200, 201, 302, 401, 404, 422, 429, 500];
const view = { personal: true, labels: new Map<string, string>() };
const call = "sandbox\nget_users\n";
const longest = 64;

/** Only what is thrown on purpose is caught. */
function only(allowed: new (...args: never[]) => Error, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof allowed)) throw error;
  }
}

function wire(input: Buffer, pick: number): void {
  const status = statuses[pick % statuses.length] ?? 200;
  const tool = all[pick % all.length];
  if (tool === undefined) return;
  only(Failure, () => {
    const reading = parseResponse({ status, contentType: "", body: input });
    const reply = answer(tool, {}, reading, view);
    outcomeOf(tool, reading, reply);
    if (typeof reply.text !== "string" || reply.text === "") throw new Error("an empty reply");
    JSON.stringify(reply.structured);
  });
}

function csv(input: Buffer): void {
  const { columns, rows } = readCsv(input.toString("utf8"));
  if (![columns, ...rows].flat().every((cell) => typeof cell === "string"))
    throw new Error("a cell is no text");
}

/** Whole lines in, the same lines out but for those that are too long, however they were cut up. */
function lines(input: Buffer, pick: number): void {
  const dropped: number[] = [];
  const stream = boundedLines(longest, (bytes) => dropped.push(bytes));
  const at = input.length === 0 ? 0 : pick % input.length;
  for (const part of [input.subarray(0, at), input.subarray(at)]) if (part.length > 0) stream.write(part);
  const out = ((stream.read() as Buffer | null) ?? Buffer.alloc(0)).toString("latin1");
  const whole = input.toString("latin1").match(/[^\n]*\n/g) ?? [];
  // A byte order mark before the first message is not part of it.
  const kept = whole.filter((line) => line.length <= longest);
  if (kept[0] !== undefined && kept[0] === whole[0]) kept[0] = kept[0].replace(/^\xef\xbb\xbf/, "");
  if (out !== kept.join("")) throw new Error("a line was lost or made up");
  if (dropped.length !== whole.filter((line) => line.length > longest).length)
    throw new Error("a drop was not told");
}

function cursor(input: Buffer): void {
  const text = input.toString("utf8");
  only(BadCursor, () => {
    const position = readCursor(text, call);
    if (writeCursor(call, position) !== text) throw new Error("two cursors for one position");
  });
}

const questions = createPendingApprovals(() => 0);
questions.open({
  question: { id: "q", expiresAt: 1 },
  code: "K7QF-2MXD",
  call: "c",
  binding: "b",
  counts: {},
  args: {},
} as unknown as Parameters<typeof questions.open>[0]);

function code(input: Buffer): void {
  const text = input.toString("utf8");
  const letters = text.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if ((questions.byCode(text) !== undefined) !== (letters === "K7QF2MXD"))
    throw new Error("a wrong code passed");
}

const address = (input: Buffer): void => void readAddress(input.toString("utf8"));

export const targets: Readonly<Record<string, Target>> = {
  wire: {
    seeds: [
      ...samples,
      "success",
      '{"message":"success"}',
      '{"error":{"email":["is taken"]}}',
      "<!DOCTYPE html>",
      "[]",
    ],
    take: wire,
  },
  csv: {
    seeds: [
      'id,name,email\r\n1,"A ""b"", c",a@example.com\r\n2,&amp;,b@example.com\r\n',
      '\uFEFFName,Score\n"x\ny",5\n',
      "1,2\n3,4\n",
    ],
    take: csv,
  },
  lines: {
    seeds: ['{"jsonrpc":"2.0","id":1,"method":"ping"}\n{}\n', `${"x".repeat(70)}\nok\n`, "\n\n\r\n"],
    take: lines,
  },
  cursor: { seeds: [writeCursor(call, { offset: 50, mark: "0123456789" }), "", "AQ=="], take: cursor },
  code: { seeds: ["K7QF-2MXD", "k7qf 2mxd", "K7QF2MXE"], take: code },
  address: {
    seeds: [
      "skyprep://users/101",
      "skyprep://courses?cursor=x&search=a%20b",
      "skyprep://exports/a-12345678?offset=3",
    ],
    take: address,
  },
};
