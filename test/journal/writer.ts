// A process that writes: writer.ts <folder> <how many> [<limit>]. Prints each number once it is on disk.
import { randomUUID } from "node:crypto";
import { createJournal } from "../../src/journal/journal.ts";
import { createLock } from "../../src/state/files/shared-folder.ts";

const [folder = "", many = "0", limit = "Infinity"] = process.argv.slice(2);
const journal = createJournal({
  folder,
  lock: createLock(folder, { name: "journal" }),
  now: Date.now,
  random: randomUUID,
  keepMs: 60_000,
});

process.stdout.write("ready\n");
await new Promise((go) => process.stdin.once("data", go));
for (let n = 0; n < Number(many); n += 1) {
  const intended = await journal.intend(
    {
      tool: "destroy_user",
      account: "sandbox",
      arguments: { n, writer: process.pid },
      targets: [{ kind: "person", id: n, login: `person-${n}@example.com` }],
      agreed: "form",
    },
    {
      image: { n },
      allow: (recent) => (recent.length >= Number(limit) ? "That was the last one." : undefined),
    },
  );
  process.stdout.write("seq" in intended ? `${intended.seq}\n` : "refused\n");
}
process.exit();
