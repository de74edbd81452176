import { createHash } from "node:crypto";
import { scripts } from "./browser-scripts.ts";
import { look } from "./look.ts";
import { lookOfApps } from "./look-of-apps.ts";
import { lookOfBoards } from "./look-of-boards.ts";

const sourceOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

let made: string | undefined;

/**
 * The page of every app: empty, until the host that shows it hands it a reply. It needs nothing else, and its own
 * policy lets nothing be fetched or sent, whatever the host's does.
 */
export function appPage(): string {
  if (made !== undefined) return made;
  const sheet = `${look}${lookOfBoards}${lookOfApps}`;
  const script = scripts().app;
  const policy = `default-src 'none'; style-src ${sourceOf(sheet)}; script-src ${sourceOf(script)}; base-uri 'none'; form-action 'none'`;
  made = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>SkyPrep</title>
<style>${sheet}</style>
</head>
<body>
<div id="app"></div>
<script>${script}</script>
</body>
</html>
`;
  return made;
}
