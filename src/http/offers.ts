import type { Server } from "@modelcontextprotocol/server";
import type { Scope } from "../access/principal.ts";
import type { Caller } from "../call/job-context.ts";
import {
  type LeftOutWords,
  leftOutTools,
  type OfferedTool,
  offeredTools,
  reachableTools,
} from "../catalogue/tool-list.ts";
import { reachesAll } from "../catalogue/toolsets.ts";
import type { Config } from "../config/read-config.ts";
import type { ApprovalDesk } from "../guard/question/approval-desk.ts";
import { instructions } from "../mcp/instructions.ts";
import { createServers, type ServerParts } from "../mcp/server.ts";
import type { Academy } from "./academies.ts";
import { links } from "./links.ts";

/** One academy's program, opened at the first call. */
export interface OpenedAcademy extends Pick<ServerParts, "call" | "directory" | "exports"> {
  /** What people see of the questions that wait; it opens with that. */
  readonly desk: () => Promise<ApprovalDesk | undefined>;
  /** No new calls; writes finish, everything else ends. */
  readonly end: () => Promise<void>;
}

/** What a request is to be served with. */
export interface Wanted {
  readonly academy: Academy;
  /** A policy's file, from the grant; left out: the academy's own. */
  readonly policy?: string | undefined;
  readonly readOnly: boolean;
  /** Left out: what the academy's settings offer. */
  readonly sections?: readonly string[] | undefined;
  readonly scopes: readonly Scope[];
}

interface OffersWorld {
  readonly tools: readonly OfferedTool[];
  /** All there are. */
  readonly sections: readonly string[];
  readonly version: string;
  /** Shared by all replicas. */
  readonly questionKey: Uint8Array;
  /** Whose the request of this moment is. */
  readonly owner: () => string;
  readonly open: (config: Config, academy: Academy) => OpenedAcademy;
  /** Whether people can, so that pages ask them. */
  readonly signsIn: () => boolean;
  /** Around each call: what is counted and traced. */
  readonly watch: (call: Caller) => Caller;
  /** A policy in sentences. */
  readonly explain: (policy: NonNullable<Config["policy"]>) => readonly string[];
  readonly now: () => number;
}

/** One that was composed, and the lists that were made on it. */
interface Composed {
  readonly academy: Academy;
  /** Changes with whatever was set for all of it. */
  readonly under: string;
  readonly config: Config;
  readonly opened: OpenedAcademy;
  readonly servers: Map<string, () => Server>;
}

/** Settings are looked at again after so long: a policy's file may have been changed. */
const lookMs = 1_000;
/** A client chooses which sections it wants: so many choices are kept. */
const mostLists = 64;

/** A client narrows by its address and headers, an operator in academies.json: no variable here leaves anything out. */
const leftOutHere: LeftOutWords = {
  onlyReads: "this address only reads",
  toWrite:
    "Call it at the academy's address without /readonly and X-MCP-Readonly; if that only reads, too, ask whoever set this server up (read_only).",
  sections: "X-MCP-Toolsets or sections",
  leavesOut: "X-MCP-Toolsets or the academy's sections leave out",
  toAdd: (section) =>
    `Name ${section} in X-MCP-Toolsets; if it is not offered there, ask whoever set this server up (sections).`,
};

/** Apps, one for each academy, policy and read-only; and servers on them, one list of tools for each choice of sections. */
export function createOffers(world: OffersWorld) {
  const composed = new Map<string, Composed>();
  /** By the settings as they were read last: who comes meanwhile is not looked up by all that stands in them. */
  const latest = new WeakMap<Config, Composed>();
  const configs = new WeakMap<Academy, Map<string, { readonly config: Config; readonly at: number }>>();

  function configOf({ academy, policy, readOnly }: Wanted): Config {
    const all = configs.get(academy) ?? new Map();
    configs.set(academy, all);
    const key = `${readOnly} ${policy ?? ""}`;
    const kept = all.get(key);
    if (kept !== undefined && world.now() - kept.at < lookMs) return kept.config;
    const config = academy.configFor({ policy, readOnly });
    all.set(key, { config, at: world.now() });
    return config;
  }

  function composedOf(wanted: Wanted): Composed {
    const config = configOf(wanted);
    const found = latest.get(config) ?? composedWith(config, wanted.academy);
    latest.set(config, found);
    return found;
  }

  function composedWith(config: Config, academy: Academy): Composed {
    const { policy, readOnly, problems } = config;
    const under = JSON.stringify([academy.digest, world.signsIn()]);
    const key = JSON.stringify([academy.name, under, policy?.digest, readOnly, problems]);
    const known = composed.get(key);
    if (known) return known;
    // What was set otherwise before: whoever is in a call there ends it, and nobody comes any more.
    for (const [other, one] of composed) {
      if (one.academy.name !== academy.name || one.under === under) continue;
      composed.delete(other);
      void one.opened.end();
    }
    // It can do all there is; what of it is listed and called is each request's own.
    const whole = { ...config, sections: world.sections };
    const made = { academy, under, config, opened: world.open(whole, academy), servers: new Map() };
    composed.set(key, made);
    return made;
  }

  function made({ academy, config, opened }: Composed, sections: Config["sections"]): () => Server {
    const offer = { ...config, sections };
    const tools = offeredTools(world.tools, offer).map(withoutCode);
    const names = new Set(tools.map(({ name }) => name));
    return createServers({
      ...opened,
      call: world.watch((name, ...rest) => (names.has(name) ? opened.call(name, ...rest) : undefined)),
      tools,
      reach: reachableTools(world.tools, offer),
      leftOut: leftOutTools(world.tools, offer, leftOutHere),
      version: world.version,
      sealKey: () => world.questionKey,
      http: { owner: () => JSON.stringify([academy.name, world.owner()]), links },
      sandbox: config.sandbox.on,
      structured: config.structured,
      instructions: instructions({
        sandbox: config.sandbox.on,
        readOnly: config.readOnly,
        // Said as it is where no code is given.
        confirm: config.confirm === "ask" ? "human" : config.confirm,
        essentials: reachesAll(sections),
        policy: config.policy && world.explain(config.policy),
      }),
    });
  }

  return {
    /** The sections this academy offers at most. */
    sectionsOf: (wanted: Wanted): readonly string[] => configOf(wanted).sections ?? world.sections,
    policyOf: (wanted: Wanted): string | undefined => configOf(wanted).policy?.name,
    serverFor(wanted: Wanted): Server {
      const one = composedOf(wanted);
      const sections = wanted.sections ?? one.config.sections;
      const key = JSON.stringify(sections ?? "all");
      const found = one.servers.get(key);
      if (found) return found();
      if (one.servers.size >= mostLists) one.servers.clear();
      const servers = made(one, sections);
      one.servers.set(key, servers);
      return servers();
    },
    /** Of whatever policy a question was put under. */
    deskOf: (academy: Academy): Promise<ApprovalDesk | undefined> =>
      composedOf({ academy, readOnly: false, scopes: [] }).opened.desk(),
    /** Where whoever comes with such a grant keeps what they have made; none where what was set for them is wrong. */
    exportsOf(wanted: Wanted): readonly OpenedAcademy["exports"][] {
      const one = composedOf(wanted);
      const { policy, problems, sandbox } = one.config;
      if (problems.length > 0) return [];
      if (!sandbox.on) return [one.opened.exports];
      // Each app has a pretend academy of its own, and sees what was kept of that one alone.
      return [...composed.values()]
        .filter(
          ({ academy, under, config }) =>
            academy.name === one.academy.name &&
            under === one.under &&
            config.policy?.digest === policy?.digest,
        )
        .map(({ opened }) => opened.exports);
    },
    end: async (): Promise<void> => {
      await Promise.all([...composed.values()].map(({ opened }) => opened.end()));
    },
  };
}
/** No code is ever given here: nothing is to ask a model for one. */
function withoutCode(tool: OfferedTool): OfferedTool {
  const { confirm: _, ...properties } = tool.inputSchema.properties;
  return { ...tool, inputSchema: { ...tool.inputSchema, properties } };
}

export type Offers = ReturnType<typeof createOffers>;
