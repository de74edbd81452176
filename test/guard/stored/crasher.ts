// A process that writes down what it sends on a yes that another one asked for: crasher.ts <state> <call> <code> <dies>.
// It dies where it is told to: "before-use", "after-use", "after-intent", or nowhere. Prints what came of it.
import { randomUUID } from "node:crypto";
import { createStoredApprovals } from "../../../src/guard/question/stored-approvals.ts";
import { createJournal, journalFolder } from "../../../src/journal/journal.ts";
import { filesIn } from "../../../src/state/files/files-state.ts";
import { createLock } from "../../../src/state/files/shared-folder.ts";

const [state = "", call = "", code = "", dies = ""] = process.argv.slice(2);
const folder = journalFolder(state);
const lock = createLock(folder, { name: "journal" });
const journal = createJournal({ folder, lock, now: Date.now, random: randomUUID, keepMs: 60_000 });
const stored = createStoredApprovals({
  files: filesIn(state).stamped("approvals", "sandbox"),
  secret: "the key",
  academy: "an academy",
  under: "",
  isOver: (question) => journal.isOver(question, Date.now() - 3_600_000),
  now: Date.now,
});
const die = (at: string) => {
  if (dies === at) process.kill(process.pid, "SIGKILL");
};

const open = await stored.answered(call, code);
if (open === undefined || typeof open === "string") process.stdout.write("no yes\n");
else {
  const intended = await journal.intend(
    {
      tool: open.question.tool,
      account: "sandbox",
      arguments: { user_id: 101 },
      targets: [],
      agreed: "code",
      question: open.question.id,
    },
    {
      use: async () => {
        die("before-use");
        return stored.use(open);
      },
      allow: () => void die("after-use"),
    },
  );
  die("after-intent");
  process.stdout.write("seq" in intended ? "sent\n" : `${intended.refused}\n`);
}
