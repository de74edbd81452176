import { ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import type { Directory, DirectoryKind } from "../academy/directory.ts";
import type { KeptExports } from "./kept-exports.ts";
import type { OfferedPrompts } from "./prompts.ts";
import { variableOf } from "./resource-address.ts";
import { resourceRecords } from "./resource-records.ts";

export interface CompletionParts {
  readonly directory: Directory;
  readonly exports: KeptExports;
  readonly prompts: OfferedPrompts;
}

const most = 100;

/** What a variable or argument is completed from; undefined: nobody can know its values. */
type Completes = DirectoryKind | "export" | undefined;

/** Numbers for prompt arguments and template variables, while somebody types. */
export function serveCompletions(server: Server, parts: CompletionParts): void {
  server.setRequestHandler("completion/complete", async ({ params: { ref, argument } }, ctx) => {
    const completes =
      ref.type === "ref/prompt"
        ? ofPrompt(parts.prompts, ref.name, argument.name)
        : ofTemplate(ref.uri, argument.name);
    const values = await valuesOf(completes, argument.value.slice(0, 200), parts, ctx.mcpReq.signal);
    return { completion: { values: values.slice(0, most), hasMore: values.length >= most } };
  });
}

function ofPrompt(prompts: OfferedPrompts, name: string, argument: string): Completes {
  const prompt = prompts.get(name);
  if (prompt === undefined) throw unknown(`There is no prompt ${JSON.stringify(name.slice(0, 64))}`);
  return Object.hasOwn(prompt.arguments, argument) ? prompt.arguments[argument]?.completes : undefined;
}

function ofTemplate(uri: string, variable: string): Completes {
  const found = Object.entries(resourceRecords).find(
    ([address, { template }]) => address === uri || template === uri,
  );
  if (found === undefined) throw unknown(`There is no resource ${JSON.stringify(uri.slice(0, 200))}`);
  const [address, { source }] = found;
  if (variableOf(address) !== variable) return undefined;
  return source === "exports" ? "export" : source.item?.kind;
}

async function valuesOf(
  completes: Completes,
  text: string,
  { directory, exports }: CompletionParts,
  signal: AbortSignal,
): Promise<string[]> {
  if (completes === undefined) return [];
  if (completes !== "export") return directory.complete(completes, text, signal);
  const wanted = text.trim().toLowerCase();
  const kept = await exports.list();
  return kept
    .filter(({ id, name }) => id.includes(wanted) || name.toLowerCase().includes(wanted))
    .map(({ id }) => id);
}

const unknown = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, `${message}.`);
