import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleOf, type Tool } from "../../src/catalogue/catalogue.ts";
import { createNetwork } from "../../src/skyprep/network.ts";
import { type Call, connect, type Reply } from "../support/academy.ts";
import { tools } from "../support/catalogue.ts";
import { agreeing } from "../support/person.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { type Fault, faults } from "./faults.ts";
import { serveTrouble } from "./service.ts";

/** What must never be printed; each is found by its name in whatever left. */
export const secrets = {
  key: "planted-KEY-4f1c9a77e2/+=",
  password: "planted-PASSWORD-correct-horse",
  ssn: "978-65-4329",
  pin: "planted-PIN-7781",
  domain: "planted-domain.example.net",
};
/** What a service may repeat: what it was told. */
const plantedFor = (args: Record<string, unknown>) =>
  Object.entries(secrets)
    .filter(([name]) => name in args || !["password", "ssn"].includes(name))
    .map(([, secret]) => secret)
    .join(" and ");

export interface Bench {
  /** Of all faults × all tools, which are tried. */
  readonly wanted: (fault: string, tool: Tool) => boolean;
  /** As large as what the real limits cut off, or so small that it is quick. */
  readonly whole: boolean;
}

export interface Row {
  readonly fault: string;
  readonly tried: number;
  readonly survived: number;
  /** By the call's own clock. */
  readonly longestMs: number;
  readonly failures: readonly string[];
}

const MiB = 1024 * 1024;

/** Every tool × every fault, before a real HTTP service: what came of each, and everything that was printed. */
export async function runFaults({ wanted, whole }: Bench): Promise<Row[]> {
  const largest = whole ? 64 * MiB : MiB;
  const service = await serveTrouble({ tooLarge: whole ? 70 * MiB : 2 * MiB, dripMs: 5 });
  const rows: Row[] = [];
  for (const [name, fault] of Object.entries(faults) as [string, Fault][]) {
    const chosen = [...tools.values()].filter((tool) => wanted(name, tool));
    const failures: string[] = [];
    let longestMs = 0;
    const world = await openWorld(service.baseUrl, largest);
    for (const tool of chosen) {
      service.have({ route: tool.route, fault, planted: plantedFor(argumentsOf(tool)) });
      const { reply, ms } = await world.timed(tool);
      await world.rest();
      longestMs = Math.max(longestMs, ms);
      failures.push(
        ...wrong(tool, name, { reply, ms, hits: service.hits() }).map((why) => `${tool.name}: ${why}`),
      );
    }
    service.have(undefined);
    const alive = await world.call("get_user", { user_id: 102 });
    if (!alive.text.includes("Jordan")) failures.push(`afterwards nothing is answered: ${alive.text}`);
    failures.push(...(await world.leaks()));
    await world.close();
    const bad = new Set(failures.map((one) => one.split(":")[0])).size;
    rows.push({
      fault: name,
      tried: chosen.length,
      survived: Math.max(0, chosen.length - bad),
      longestMs,
      failures,
    });
  }
  await service.close();
  return rows;
}

async function openWorld(baseUrl: string, largest: number) {
  const folder = mkdtempSync(join(tmpdir(), "skyprep-faults-"));
  const network = createNetwork({
    baseUrl,
    largest,
    firstByteMs: 80,
    betweenBytesMs: 80,
    wholeMs: largest > MiB ? 1_500 : 200,
  });
  const lines: string[] = [];
  const replies: { text: string; failed: boolean }[] = [];
  const clock = createSkippingClock();
  const academy = await connect(
    network,
    {
      SKYPREP_API_KEY: secrets.key,
      SKYPREP_ACCT_KEY: secrets.domain,
      SKYPREP_APPROVAL_PIN: secrets.pin,
      SKYPREP_STATE_DIR: folder,
      SKYPREP_LOG: "debug",
      SKYPREP_MAX_DELETIONS: "1000",
      SKYPREP_MAX_PEOPLE: "100000",
      SKYPREP_MAX_GRANTS: "1000",
    },
    {
      person: agreeing,
      clock,
      pause: clock.pause,
      say: (line) => lines.push(line),
    },
  );
  const call: Call = async (name, args) => {
    const reply = await academy.call(name, args).catch((error: Error) => ({
      text: `THROWN ${error.message}`,
      structured: undefined,
      isError: true,
      outcome: "",
    }));
    replies.push({ text: `${reply.text}\n${JSON.stringify(reply.structured ?? {})}`, failed: reply.isError });
    return reply;
  };
  return {
    call,
    /** Until a limit that was met is forgotten. */
    rest: () => clock.pause(180_000, new AbortController().signal),
    async timed(tool: Tool): Promise<{ reply: Reply; ms: number }> {
      const began = clock.now();
      const reply = await call(tool.name, argumentsOf(tool));
      return { reply, ms: Math.round(clock.now() - began) };
    },
    /** Everything that left: replies, lines, and what stands on disk. */
    async leaks(): Promise<string[]> {
      const { domain, ...others } = secrets;
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => readFileSync(join(one.parentPath, one.name), "utf8"));
      const data = replies.filter(({ failed }) => !failed).map(({ text }) => text);
      const words = [...replies.filter(({ failed }) => failed).map(({ text }) => text), ...lines, ...files];
      const found = (texts: readonly string[], known: Record<string, string>) =>
        Object.entries(known).flatMap(([name, secret]) => {
          const leak = texts.find((text) => text.includes(secret));
          return leak === undefined ? [] : [`a leak of the ${name}: …${around(leak, secret)}…`];
        });
      return [...found([...data, ...words], others), ...found(words, { domain })];
    },
    async close() {
      await academy.end();
      await academy.close();
      await network.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const around = (text: string, secret: string) =>
  text.slice(Math.max(0, text.indexOf(secret) - 60), text.indexOf(secret) + 80);

/** The smallest call that makes sense, with what is confided where the tool takes it. */
function argumentsOf(tool: Tool): Record<string, unknown> {
  const takes = tool.operation.input.shape;
  return {
    ...exampleOf(tool),
    ...("password" in takes && { password: secrets.password }),
    ...("ssn" in takes && { ssn: secrets.ssn }),
  };
}

/** A minute, in which a client gives up. */
const longestMs = 60_000;

function wrong(
  tool: Tool,
  fault: string,
  { reply, ms, hits }: { reply: Reply; ms: number; hits: number },
): string[] {
  const found: string[] = [];
  const words = reply.text.slice(0, 160).replaceAll("\n", " / ");
  if (reply.text.startsWith("THROWN")) found.push(`threw: ${words}`);
  if (ms > longestMs) found.push(`took ${ms} ms`);
  if (hits === 0) found.push(`was never sent: ${words}`);
  const most = mayBeSent(tool, fault);
  if (hits > most) found.push(`was sent ${hits} times, ${most} allowed`);
  // What went wrong, and what to do.
  if (reply.isError && !/\n|[.!?] \S/.test(reply.text.trim())) found.push(`does not help: ${words}`);
  return found;
}

/** Contract §6, read anew. */
function mayBeSent({ route, operation }: Tool, fault: string): number {
  // Turned away at the door: nothing was done. Without a word of how long, a minute is waited out.
  if (fault === "says 429") return 5;
  if (/429/.test(fault)) return 3;
  if (operation.effect === "read") return route === "generate_async_report" ? 1 : 3;
  // Refused, and so before it is done: a list that adds what may be there already is put in its two other spellings.
  if (/404/.test(fault) && operation.effect === "add" && operation.idempotent === true) return 3;
  return /^(update|set|remove|destroy|delete)_/.test(route) ? 3 : 1;
}

export function tableOf(rows: readonly Row[]): string {
  const total = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const line = (fault: string, tried: unknown, survived: unknown, ms: unknown) =>
    `${fault.padEnd(32)}${String(tried).padStart(8)}${String(survived).padStart(10)}${String(ms).padStart(12)}`;
  return [
    line("the service …", "tried", "survived", "longest ms"),
    ...rows.map(({ fault, tried, survived, longestMs: ms }) => line(fault, tried, survived, ms)),
    line(
      "all",
      total(({ tried }) => tried),
      total(({ survived }) => survived),
      Math.max(...rows.map((row) => row.longestMs)),
    ),
    ...rows.flatMap(({ fault, failures }) => failures.map((why) => `! ${fault}: ${why}`)),
  ].join("\n");
}
