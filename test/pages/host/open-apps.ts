import { onTestFinished } from "vitest";
import { launch } from "../../guard/approval/browser.ts";
import { openAcademy } from "../../support/academy.ts";
import { showingApps } from "../../support/showing-apps.ts";
import { type ShownApp, serveHost, showApp } from "./serve-host.ts";

export const byGroup = { name: "training_status", arguments: { by: "group", show: "overdue" } };

/** A browser with a host in it, before an academy that says how training stands. */
export async function openApps(people: number) {
  const [browser, served, academy] = await Promise.all([
    launch(),
    serveHost(),
    openAcademy({ extensions: showingApps, people }),
  ]);
  const { client } = academy;
  const result = await client.callTool(byGroup);
  return {
    client,
    /** What the call answered whose app is shown. */
    result,
    /** Gone when the test is. */
    show: async (more: Partial<Parameters<typeof showApp>[0]> = {}): Promise<ShownApp> => {
      const shown = await showApp({ browser, served, client, result, ...more });
      onTestFinished(() => shown.close());
      return shown;
    },
    close: async () => {
      await browser.close();
      served.close();
      await academy.close();
    },
  };
}
export type OpenApps = Awaited<ReturnType<typeof openApps>>;
