import type { Resource } from "@modelcontextprotocol/server";
import type { OfferedTool } from "../catalogue/tool-list.ts";
import { type AppRecord, apps } from "../pages/apps.ts";
import type { Reply } from "../reply/reply.ts";
import { appType } from "./protocols.ts";

/** What an app of ours shows of a reply; only for clients that show apps. */
const boardKey = "skyprep/board";
export const boardMeta = (board: NonNullable<Reply["board"]>) => ({ [boardKey]: board });

/** By its address, each app that a tool of these names. */
export type OfferedApps = ReadonlyMap<string, AppRecord>;

export function offeredApps(tools: readonly Pick<OfferedTool, "_meta">[]): OfferedApps {
  const named = new Set(tools.map(({ _meta }) => _meta?.ui?.resourceUri));
  return new Map(Object.values(apps).flatMap((app) => (named.has(app.address) ? [[app.address, app]] : [])));
}

/** Nothing is fetched, sent or framed; the page's own policy says the same. A host draws the edge around it. */
const appMeta = { ui: { csp: {}, prefersBorder: true } };

export const listedApp = ({ address: uri, ...app }: AppRecord): Resource => ({
  uri,
  ...app,
  mimeType: appType,
  _meta: appMeta,
});

/** The page itself, loaded when it is first asked for. It holds nothing of anybody: what it shows, the host hands it. */
export async function readApp(uri: string) {
  const { appPage } = await import("../pages/app-page.ts");
  return { uri, mimeType: appType, text: appPage(), _meta: appMeta };
}
