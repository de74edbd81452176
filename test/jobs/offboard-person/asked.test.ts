import { expect, it } from "vitest";
import { callIn, type Job } from "../shared/people-desk.ts";
import { createAcademy } from "../shared/plan-academy.ts";
import { jordan, stateOf } from "./offboarding.ts";

it("sends nothing on a no, without anybody to ask, unattended, or in read-only mode", async () => {
  const academy = createAcademy();
  const before = stateOf(academy, 102);

  const no = await callIn(academy, jordan, { person: () => ({ action: "decline" }) });
  const nobody = await callIn(academy, jordan, { formless: true, env: { SKYPREP_CONFIRM: "human" } });
  const unattended = await callIn(academy, jordan, { env: { SKYPREP_CONFIRM: "unattended" } });
  const reading = await callIn(academy, jordan, { env: { SKYPREP_READ_ONLY: "true" } });

  expect(reading).toMatchObject({
    isError: true,
    sent: [],
    text: expect.stringContaining("SKYPREP_READ_ONLY"),
  });

  expect(no.text).toMatch(/said no/);
  expect(nobody.isError).toBe(true);
  expect(unattended.text).toMatch(/needs a person's yes/);
  expect(academy.writes()).toEqual([]);
  expect(stateOf(academy, 102)).toEqual(before);
});

it("a code: the answered call begins again and sends exactly what was agreed", async () => {
  const academy = createAcademy();
  const learner: Job = ["offboard_person", { person: "120" }];
  const server = await academy.open(undefined, { formless: true });
  const asked = await server.call(...learner);
  const { confirm, question } = (asked.structured?.asked ?? {}) as { confirm?: string; question?: string };
  expect(question).toMatch(/Offboard “Nadia Clarke” \(nadia\.clarke@example\.com\)/);
  expect(academy.writes()).toEqual([]);

  const done = await server.call(learner[0], { ...learner[1], confirm });

  expect(done.isError).toBe(false);
  expect(academy.writes().map(({ route }) => route)).toEqual(["update_user", "remove_user_from_user_group"]);
  expect(stateOf(academy, 120)).toMatchObject({ ends: "2026-11-24" });
  expect(academy.world.groups.get(303)?.members.has(120)).toBe(false);
  await server.close();
});

it("a code is no good once things have changed, nor for somebody else", async () => {
  for (const change of ["another group", "another person"] as const) {
    const academy = createAcademy();
    const server = await academy.open(undefined, { formless: true });
    const asked = await server.call("offboard_person", { person: "120" });
    const { confirm } = (asked.structured?.asked ?? {}) as { confirm?: string };
    if (change === "another group") academy.world.groups.get(309)?.members.add(120);

    const reply = await server.call("offboard_person", {
      person: change === "another person" ? "121" : "120",
      confirm,
    });

    expect(reply.text, change).toMatch(/confirm code is wrong/);
    expect(academy.writes(), change).toEqual([]);
    await server.close();
  }
});

it("asks anew where their role changed while the question was open", async () => {
  const academy = createAcademy();
  const messages: string[] = [];
  await callIn(academy, ["offboard_person", { person: "120" }], {
    person: ({ message }) => {
      messages.push(message);
      Object.assign(academy.world.people.get(120) ?? {}, { role: "content_manager" });
      return { action: "accept", content: { answer: "yes" } };
    },
  });

  expect(messages.length).toBeGreaterThan(1);
});
