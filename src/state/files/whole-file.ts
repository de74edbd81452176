import { open, rm } from "node:fs/promises";
import { replace } from "./replace.ts";

/** For its owner's eyes only. Whole or not at all; a link laid in the way is replaced, not followed. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const half = `${path}.part`;
  await rm(half, { force: true });
  try {
    const handle = await open(half, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await replace(half, path);
  } catch (error) {
    await rm(half, { force: true }).catch(() => {});
    throw error;
  }
}
