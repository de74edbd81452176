import { setTimeout as sleep } from "node:timers/promises";
import { createVisitor, publicUrl } from "./visitor.ts";

const betweenMs = 150;

/** Somebody else, who signed in before and looks at their approvals all the while. */
export async function createBystander(base: string, person: string) {
  const visitor = createVisitor({ base, agent: person, aim: () => undefined });
  const faults: string[] = [];
  const count = { seen: 0, lost: 0 };

  async function look(): Promise<void> {
    const seen = await visitor.open(`${publicUrl}/approvals`);
    if (seen.is === "lost") count.lost += 1;
    else if (seen.is === "said" && seen.heading === "Nothing waits for you.") count.seen += 1;
    else faults.push(`${person} was shown ${JSON.stringify(seen)}`);
  }

  await look();
  let isOver = false;
  const looking = (async () => {
    for (; !isOver; await sleep(betweenMs)) await look();
  })();
  return {
    count: () => ({ ...count }),
    /** Looks no more; what went wrong, in words. */
    async end(): Promise<string[]> {
      isOver = true;
      await looking;
      const isAsked = visitor.signIns() > 1 ? [`${person} had to sign in ${visitor.signIns()} times`] : [];
      return [...faults, ...isAsked];
    },
  };
}
