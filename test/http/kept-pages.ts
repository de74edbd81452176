import { randomUUID } from "node:crypto";
import { personsState } from "../../src/app/persons-state.ts";
import type { AppState } from "../../src/app/state.ts";
import { readAcademies } from "../../src/http/academies.ts";
import { type AcademyGrant, noGrants } from "../../src/http/grants.ts";
import type { TeamWorld } from "../../src/http/team.ts";
import { stateIn } from "../support/database-state.ts";
import type { FreshDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { fakeLogin } from "./signing-in.ts";
import { academiesWorld, connectAs, team } from "./team.ts";

export const acme = (...scopes: AcademyGrant["scopes"]): AcademyGrant => ({ academy: "acme", scopes });
const north: AcademyGrant = { academy: "north", scopes: ["read"] };

/** What a call that saves a page says of it. */
export interface SavedPage {
  readonly text: string;
  readonly page: {
    readonly id: string;
    readonly uri: string;
    readonly file?: string;
    readonly bytes: number;
    readonly address?: string;
  };
  readonly link: { readonly uri: string; readonly mimeType: string } | undefined;
  /** All of the reply, as it came. */
  readonly whole: string;
}

interface Keeping {
  readonly fresh?: FreshDatabase | undefined;
  readonly over?: Partial<TeamWorld>;
  readonly settings?: Record<string, unknown>;
}

/** Two academies of a team that keeps what people have made, and programs that ask for structure. */
export async function keepingPages({ fresh, over = {}, settings = {} }: Keeping = {}) {
  const folder = temporaryFolder("kept-pages");
  const run = randomUUID();
  const stateOf = (academy: string): AppState => {
    if (fresh === undefined)
      return personsState(folder, { academy, now: Date.now, random: randomUUID, after: () => () => {} });
    return stateIn(fresh.open(), { academy: `${run}-${academy}`, egress: run });
  };
  const granted = new Map<string, readonly AcademyGrant[]>([
    ["alice", [acme("write"), north]],
    ["bob", [acme("write"), north]],
  ]);
  const academies = readAcademies(
    [
      {
        file: "academies.json",
        text: JSON.stringify({
          academies: ["acme", "north"].map((name) => ({ name, sandbox: true, ...settings })),
        }),
      },
    ],
    {
      ...academiesWorld,
      configOf: (env) => academiesWorld.configOf({ ...env, SKYPREP_STRUCTURED: "true" }),
      signsIn: () => true,
    },
  );
  if ("wrong" in academies) throw new Error(academies.wrong.join("\n"));
  const running = await team({
    people: Object.fromEntries(granted),
    stateOf,
    // As in the real program: an app that is opened anew has another pretend academy.
    run: randomUUID,
    over: {
      login: fakeLogin,
      academies: () => academies.value,
      grants: () => ({ ...noGrants, people: granted }),
      ...over,
    },
  });
  const clients: { close: () => Promise<void> }[] = [];
  const as = async (who: string, { bearer }: { readonly bearer?: string } = {}) => {
    const by = bearer === undefined ? running : { ...running, tokenFor: () => bearer };
    const client = await connectAs(by, who);
    clients.push(client);
    return client;
  };
  return {
    ...running,
    folder,
    granted,
    as,
    save: async (...who: Parameters<typeof as>): Promise<SavedPage> => {
      const client = await as(...who);
      const came = (await client.callTool({
        name: "training_status",
        arguments: { by: ["group"], save: "page" },
      })) as unknown as {
        content: readonly { type: string; text?: string; uri: string; mimeType: string }[];
        structuredContent: { page: SavedPage["page"] };
      };
      return {
        text: came.content.map(({ text = "" }) => text).join("\n"),
        page: came.structuredContent.page,
        link: came.content.find(({ type }) => type === "resource_link"),
        whole: JSON.stringify(came),
      };
    },
    end: async () => {
      for (const client of clients) await client.close();
      await running.end();
    },
  };
}
export type KeepingPages = Awaited<ReturnType<typeof keepingPages>>;

/** Of an address, what a server is asked for. */
export const pathOf = ({ page }: SavedPage): string => new URL(page.address ?? "none:").pathname;
