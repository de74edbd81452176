import { smallSurface } from "../src/cli/init/clients.ts";
import { entryName } from "../src/cli/init/entry.ts";

/** What an installed package is started with, in every assistant's own format. */
const npx = (name: string) => ({ command: "npx", args: ["-y", name] });

/** Install links for a published package; each asks for the key, none holds one. */
export function links(name: string) {
  const inputs = [
    { type: "promptString", id: "skyprep_key", description: "SkyPrep API key", password: true },
    { type: "promptString", id: "skyprep_domain", description: "Domain, e.g. yourcompany.skyprepapp.com" },
  ];
  const vscode = {
    type: "stdio",
    ...npx(name),
    env: {
      SKYPREP_API_KEY: "${input:skyprep_key}",
      SKYPREP_ACCT_KEY: "${input:skyprep_domain}",
      SKYPREP_READ_ONLY: "true",
    },
  };
  const cursor = {
    ...npx(name),
    env: {
      // Cursor asks for nothing: it takes these from the computer's own variables.
      SKYPREP_API_KEY: "${env:SKYPREP_API_KEY}",
      SKYPREP_ACCT_KEY: "${env:SKYPREP_ACCT_KEY}",
      SKYPREP_READ_ONLY: "true",
      SKYPREP_SECTIONS: smallSurface,
    },
  };
  const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));
  const base64 = encodeURIComponent(Buffer.from(JSON.stringify(cursor)).toString("base64"));
  return {
    vscode: `https://insiders.vscode.dev/redirect/mcp/install?name=${entryName}&inputs=${json(inputs)}&config=${json(vscode)}`,
    cursor: `https://cursor.com/en/install-mcp?name=${entryName}&config=${base64}`,
  };
}
