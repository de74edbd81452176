import { randomBytes } from "node:crypto";
import { createPages } from "../../../src/guard/channels/page/page.ts";
import { asker, removal } from "./pages.ts";

// A process of its own that asks one question, is patient, and is there as long as its stdin is open.
const pages = createPages({ open: async () => false, now: Date.now, random: randomBytes, patience: 60_000 });
const { url } = await pages.put({ ...removal, expiresAt: Date.now() + 600_000 }, asker);
process.stdout.write(`${url}\n`);
process.stdin.resume();
