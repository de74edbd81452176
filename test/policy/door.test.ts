import { expect, it } from "vitest";
import { createPasses, onlyPassed, Unpoliced } from "../../src/policy/policing.ts";
import { answering } from "../support/academy.ts";

const request = (route: string, body: string) => ({ route, headers: {}, body });
const signal = new AbortController().signal;

it("sends nothing that was not held against the policy, and what was as often as it is tried while it is open", async () => {
  const { send, sent } = answering("{}");
  const passes = createPasses();
  const door = onlyPassed(send, new Set(["get_user"]), passes);
  const go = (route: string, body: string) => door(request(route, body), signal);

  await expect(go("destroy_user", "user_id=1")).rejects.toThrow(Unpoliced);
  const close = passes.give("destroy_user", "user_id=1");
  await go("destroy_user", "user_id=1");
  await go("destroy_user", "user_id=1");
  // Another person, another route, and more than was passed are other writes.
  for (const [route, body] of [
    ["destroy_user", "user_id=2"],
    ["update_user", "user_id=1"],
    ["destroy_user", "user_id=1&user_id=2"],
  ] as const)
    await expect(go(route, body)).rejects.toThrow(Unpoliced);
  close();
  await expect(go("destroy_user", "user_id=1")).rejects.toThrow(Unpoliced);
  await go("get_user", "user_id=2");

  expect(sent.map(({ route, form }) => `${route} ${form}`)).toEqual([
    "destroy_user user_id=1",
    "destroy_user user_id=1",
    "get_user user_id=2",
  ]);
});

it("keeps the door open for the second of two alike while the first is done", () => {
  const passes = createPasses();
  const [one, two] = [passes.give("a", "x"), passes.give("a", "x")];
  one();
  expect(passes.has("a", "x")).toBe(true);
  two();
  expect(passes.has("a", "x")).toBe(false);
});
