import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { count } from "../text/english.ts";
import { clientLines } from "./client-lines.ts";

/**
 * `npm run demo`: a training administrator's morning on the built-in academy, through a real MCP client and
 * the built program as its child. Run from a clone; it is not part of the installed program.
 */
const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const print = (text = "") => void process.stdout.write(`${text}\n`);
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text: string) => (colour ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text: string) => (colour ? `\u001b[2m${text}\u001b[0m` : text);

type Rows = Record<string, unknown>[];
interface Answer {
  text: string;
  items: Rows;
  structured: Record<string, unknown>;
}

const started = performance.now();
const client = new Client(
  { name: "skyprep-mcp-demo", version: "1" },
  { capabilities: { elicitation: { form: {} } } },
);
// The person before the assistant: sees what would be lost, and agrees.
client.setRequestHandler("elicitation/create", async ({ params }) => {
  print(bold("  ? You are asked first:"));
  print(indent(params.message, 12));
  print(dim("    Here the demo answers yes for you."));
  return { action: "accept" as const, content: { answer: "yes" } };
});
const state = mkdtempSync(join(tmpdir(), "skyprep-demo-"));
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [program, "--sandbox", "--structured", "--state-dir", state],
  }),
);
const { tools } = await client.listTools();
print(bold("SkyPrep, through an assistant: a training administrator's morning"));
print(dim(`the built-in pretend academy; ${tools.length} tools, ready after ${since(started)}`));

/** One call, printed as an assistant would make it and a person would read it. */
async function call(name: string, args: Record<string, unknown> = {}, lines = 6): Promise<Answer> {
  const begun = performance.now();
  const result = await client.callTool({ name, arguments: args });
  const took = since(begun);
  const text = (result.content as { text?: string }[]).map((part) => part.text ?? "").join("\n");
  print(dim(`  → ${name} ${JSON.stringify(args)}  (${took})`));
  print(indent(text, lines));
  if (result._meta?.["skyprep/outcome"] !== "done") throw new Error(`${name}: ${text}`);
  const structured = (result.structuredContent ?? {}) as Record<string, unknown>;
  return { text, items: (structured.items ?? []) as Rows, structured };
}

function since(begun: number): string {
  return `${Math.round(performance.now() - begun)} ms`;
}

/** Tab-separated columns made to stand under each other, and no more lines than a person wants to see. */
function indent(text: string, most: number): string {
  const rows = text.split("\n").map((line) => line.split("\t"));
  const widths: number[] = [];
  for (const row of rows.filter(({ length }) => length > 1)) {
    row.forEach((cell, column) => {
      widths[column] = Math.min(34, Math.max(widths[column] ?? 0, cell.length));
    });
  }
  const lines = rows.map((row) =>
    row.length === 1
      ? (row[0] ?? "")
      : row
          .map((cell, n) => cell.slice(0, 34).padEnd(widths[n] ?? 0))
          .join("  ")
          .trimEnd(),
  );
  const more = lines.length > most ? [dim(`… ${count(lines.length - most, "more line")}`)] : [];
  return [...lines.slice(0, most), ...more].map((line) => `    ${line}`).join("\n");
}

const ask = (question: string) => print(`\n${bold(`“${question}”`)}`);
const today = new Date();
const dayFrom = (days: number) => new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);

try {
  ask("Which account is this?");
  await call("get_program", {}, 8);

  ask("Show me Avery Learner.");
  await call("get_user", { user_email: "avery@example.com" }, 7);

  ask("What needs attention today?");
  await call("account_overview", {}, 9);

  ask("Who is overdue in Sales?");
  await call("training_status", { group: "Sales Team", show: "overdue" }, 9);

  ask("Put Human Resources through Phishing and Social Engineering.");
  const plan = await call(
    "plan_enrollment",
    { group: "Human Resources", courses: ["Phishing and Social Engineering"] },
    3,
  );
  await call("apply_plan", { plan: plan.structured.plan }, 3);

  ask("Casey Newhire starts on Monday in Customer Support, with First Aid.");
  await call("onboard_person", {
    login: "casey@example.com",
    first_name: "Casey",
    last_name: "Newhire",
    groups: ["Customer Support"],
    courses: ["First Aid Basics"],
    welcome: "mail",
  });

  ask("Who comes to the next session?");
  const sessions = await call("get_ilt_timeslots", { start_date: dayFrom(0), end_date: dayFrom(14) }, 3);
  const session = sessions.items[0];
  if (session) await call("session_roster", { session: String(session.id) }, 6);

  ask("Jordan has left the Sales Team: take them out of the group.");
  await call("remove_user_from_user_group", { user_email: "jordan@example.com", user_group_id: 301 });
  await call("get_user_group_enrollments_for_user", { user_email: "jordan@example.com" });

  ask("What did you change today? And put Jordan back, that was the wrong Jordan.");
  const changes = await call("list_changes", { limit: 2 });
  await call("undo_change", { change: changes.items[0]?.change });

  ask("How do our groups stand? I want to look at it, and print it.");
  const board = await call("training_status", { by: ["group"], save: "page" }, 4);
  const { file } = board.structured.page as { file: string };
  // The demo's own folder goes with it.
  const kept = join(tmpdir(), "skyprep-mcp-demo.html");
  rmSync(kept, { force: true });
  copyFileSync(file, kept);
  print(bold(`  Look at it: ${pathToFileURL(kept)}`));

  print(`\n${bold("Done")} in ${since(started)}. Nothing real was touched.\n`);
  print(clientLines(program));
} finally {
  await client.close();
  rmSync(state, { recursive: true, force: true });
}
