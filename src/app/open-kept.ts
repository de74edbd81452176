import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { createOpener, type OpenerWorld } from "../guard/channels/page/opener.ts";

/** Opens a page that was kept, by its whole path, in the browser of this computer; says whether it did. */
export const openKept = (file: string, env: OpenerWorld["env"]): Promise<boolean> =>
  createOpener({ platform: process.platform, env, spawn })(pathToFileURL(file).href);
