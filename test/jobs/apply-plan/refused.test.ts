import { cpSync, readdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { connect } from "../../support/academy.ts";
import { createAcademy, planIn } from "../shared/plan-academy.ts";

const wanted = { people: ["150", "151"], courses: ["240"] };
const many = { people: Array.from({ length: 40 }, (_, n) => String(150 + n)), courses: ["240"] };

it("a plan applied already is answered so and not applied again, also after a restart", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const plan = planIn(await server.call("plan_enrollment", wanted));
  await server.call("apply_plan", { plan });
  const sent = academy.sent.length;
  await server.close();

  const next = await academy.open();
  const again = await next.call("apply_plan", { plan });

  expect(again.outcome).toBe("done");
  expect(again.isError).toBe(false);
  expect(again.text).toMatch(/applied already: 2 done/);
  expect(academy.sent.length).toBe(sent);
  await next.close();
});

it("a plan of more than a day ago is refused, and why", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const plan = planIn(await server.call("plan_enrollment", wanted));
  academy.pass(86_400_000 + 1);

  const { text, isError } = await server.call("apply_plan", { plan });

  expect(isError).toBe(true);
  expect(text).toMatch(/more than a day old[\s\S]*Make a new plan/);
  expect(academy.writes()).toEqual([]);
  await server.close();
});

it("a plan of another account is refused, also where its file was copied over", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const plan = planIn(await server.call("plan_enrollment", wanted));
  const live = await connect(academy.sandbox.send, {
    SKYPREP_API_KEY: "sandbox-key",
    SKYPREP_ACCT_KEY: "example.skyprepapp.com",
    SKYPREP_STATE_DIR: academy.state,
  });
  const unknown = await live.call("apply_plan", { plan });
  const own = planIn(await live.call("plan_enrollment", wanted));
  const jobs = join(academy.state, "jobs");
  const other = readdirSync(jobs).find((name) => name !== "sandbox") ?? "";
  cpSync(join(jobs, other, "plans"), join(jobs, "sandbox", "plans"), { recursive: true });

  const foreign = await server.call("apply_plan", { plan: own });

  expect(unknown.text).toMatch(/There is no such plan here/);
  expect(foreign.isError).toBe(true);
  expect(foreign.text).toMatch(/another account/);
  expect(academy.writes()).toEqual([]);
  await live.close();
  await server.close();
});

it("a plan whose file is broken, or a link, is none", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  const folder = join(academy.state, "jobs", "sandbox", "plans");
  const plan = planIn(await server.call("plan_enrollment", wanted));
  const file = join(folder, `${plan}.json`);
  const copy = join(academy.state, "elsewhere.json");

  cpSync(file, copy);
  unlinkSync(file);
  symlinkSync(copy, file);
  const linked = await server.call("apply_plan", { plan });
  unlinkSync(file);
  writeFileSync(file, '{"kind":"enrollment"');
  const broken = await server.call("apply_plan", { plan });

  for (const { text } of [linked, broken]) expect(text).toMatch(/There is no such plan here/);
  await server.close();
});

it.each(["oak-1", "../../etc/passwd", "no such", "oak-17.state"])(
  "there is no plan called %s",
  async (plan) => {
    const academy = createAcademy();
    const server = await academy.open();

    expect((await server.call("apply_plan", { plan })).text).toMatch(/There is no such plan here/);
    await server.close();
  },
);

it("two who apply the same plan at once enroll each once", async () => {
  const academy = createAcademy();
  const [one, two] = [await academy.open(), await academy.open()];
  const plan = planIn(await one.call("plan_enrollment", many));

  const replies = await Promise.all([one.call("apply_plan", { plan }), two.call("apply_plan", { plan })]);

  expect(replies.filter(({ structured }) => structured?.finished === true)).toHaveLength(1);
  expect([...academy.pairs().values()].every((n) => n === 1)).toBe(true);
  expect(academy.pairs().size).toBe(40);
  await one.close();
  await two.close();
});

it("on a no nothing is sent; the same plan goes with a code", async () => {
  const academy = createAcademy();
  const denying = await academy.open(undefined, { person: () => ({ action: "decline" }) });
  const plan = planIn(await denying.call("plan_enrollment", many));
  const no = await denying.call("apply_plan", { plan });
  await denying.close();
  const formless = await academy.open(undefined, { formless: true });

  const asked = await formless.call("apply_plan", { plan });
  const confirm = (asked.structured?.asked as { confirm?: string } | undefined)?.confirm;
  const sent = academy.writes().length;
  const yes = await formless.call("apply_plan", { plan, confirm });

  expect(no.text).toMatch(/said no/);
  expect(sent).toBe(0);
  expect(asked.text).toMatch(
    /Enroll 40 people in the course “[^”]+” \(\d+\)\?[\s\S]*This makes 40 enrollments\./,
  );
  expect(yes.structured).toMatchObject({ finished: true, done: 40 });
  await formless.close();
});

it("asks in the 2026 era too, and does it once", async () => {
  const academy = createAcademy();
  const server = await academy.open(undefined, { mode: "auto" });
  const plan = planIn(await server.call("plan_enrollment", many));

  const { structured } = await server.call("apply_plan", { plan });

  expect(structured).toMatchObject({ finished: true, done: 40 });
  expect(academy.asked).toHaveLength(1);
  expect(academy.pairs().size).toBe(40);
  await server.close();
});

it("20,000 rows are read, and the plan is made in a few calls", async () => {
  const academy = createAcademy({ people: 2_000 });
  const server = await academy.open();
  const rows = Array.from({ length: 20_000 }, (_, n) =>
    n < 1_500 ? academy.login(200 + n) : `p${n}@nowhere.example`,
  );

  const { structured, text } = await server.call("plan_enrollment", {
    csv: `\uFEFFE-Mail;Nr\r\n${rows.map((row, n) => `${row};${n}`).join("\r\n")}`,
    courses: ["240"],
  });

  expect(structured).toMatchObject({ people: 1_500, left_out_total: 18_500 });
  expect(text).toMatch(/And 18460 more: rows 1542–20001/);
  expect(Buffer.byteLength(text)).toBeLessThan(40_000);
  expect(academy.sent.length).toBeLessThan(25);
  await server.close();
}, 60_000);

it("what cannot be read is said, and no plan is made of it", async () => {
  const academy = createAcademy();
  const server = await academy.open(async (_, { route }, pass) =>
    route === "get_users"
      ? { status: 500, contentType: "text/plain", body: new TextEncoder().encode("down") }
      : pass(),
  );

  const { isError, text } = await server.call("plan_enrollment", many);

  expect(isError).toBe(true);
  expect(text).toMatch(/No plan was made: SkyPrep answered 500/);
  await server.close();
});
