import { expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/server/sandbox.ts";
import { connect, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";

async function open(dialect: NonNullable<SandboxOptions["dialect"]>) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
    dialect,
  });
  const sent: string[] = [];
  const academy = await connect(
    (request, signal) => {
      sent.push(request.route);
      return sandbox.send(request, signal);
    },
    { SKYPREP_SANDBOX: "true" },
  );
  return { ...academy, sent };
}

it.each(["utc", "epoch", "zoneless"] as const)(
  "days are the academy's where dates are %s and few people say where they are",
  async (form) => {
    const ordinary = await open({});
    const first = await ordinary.call("training_status", { show: "overdue" });
    const [row = ""] = first.text.split("\n").filter((line) => /^\d+\t/.test(line));
    const scope = { person: row.split("\t")[0], show: "overdue" };
    const wanted = await ordinary.call("training_status", scope);
    await ordinary.close();
    expect(wanted.text).toMatch(/days_late\n/);
    const academy = await open({ "dates-are-iso": form });

    const { text } = await academy.call("training_status", scope);
    await academy.call("training_status", { ...scope, fresh: true });
    await academy.close();

    const lists = (reply: string) => reply.split("\n").filter((line) => /\t/.test(line));
    expect(lists(text)).toEqual(lists(wanted.text));
    // Asked for once, not for each page.
    expect(academy.sent.filter((route) => route === "get_instructor_led_trainings").length).toBeLessThan(2);
  },
);
