import { describe, expect, it } from "vitest";
import { currentProgress } from "../../src/sandbox/model/enrollment.ts";
import type { Person } from "../../src/sandbox/model/tables.ts";
import type { World } from "../../src/sandbox/model/world.ts";
import { redeemCourseKey, signInWith } from "../../src/sandbox/server/keys.ts";
import { ask, newSandbox, noon } from "./ask.ts";

const person = (world: World, id: number) => world.people.get(id) as Person;

describe("one-time course keys", () => {
  it("come as many as asked for, all different", async () => {
    const { send } = newSandbox();

    const first = (await ask(send, "get_course_otp", { course_id: 230, count: 50 })).json<{
      otps: string[];
    }>().otps;
    const second = (await ask(send, "get_course_otp", { course_id: 230, count: 50 })).json<{
      otps: string[];
    }>().otps;

    expect(new Set([...first, ...second]).size).toBe(100);
    for (const key of first) expect(key).toMatch(/^[A-Z]{4}-\d{4}$/);
  });

  it("enroll one person, once", async () => {
    const { send, world } = newSandbox();
    const [key = ""] = (await ask(send, "get_course_otp", { course_id: 230 })).json<{ otps: string[] }>()
      .otps;

    redeemCourseKey(world, key, person(world, 101));

    expect(currentProgress(world, 101, 230)?.status).toBe("not-started");
    expect(() => redeemCourseKey(world, key, person(world, 103))).toThrow("Invalid key");
    const [next] = (await ask(send, "get_course_otp", { course_id: 230 })).json<{ otps: string[] }>().otps;
    expect(next).not.toBe(key);
  });

  it("die when the course's own key changes, and live again when it is put back", async () => {
    const { send, world } = newSandbox();
    const before = world.courses.get(230)?.subscribe_key ?? "";
    const [key = ""] = (await ask(send, "get_course_otp", { course_id: 230 })).json<{ otps: string[] }>()
      .otps;

    await ask(send, "update_course", { course_id: 230, subscribe_key: "other" });
    expect(() => redeemCourseKey(world, key, person(world, 101))).toThrow("Invalid key");

    await ask(send, "update_course", { course_id: 230, subscribe_key: before });
    redeemCourseKey(world, key, person(world, 101));
    expect(currentProgress(world, 101, 230)).toBeDefined();
  });
});

describe("login keys", () => {
  const keyOf = async (send: Parameters<typeof ask>[0], key_type: string) =>
    (await ask(send, "get_login_key", { user_email: "avery@example.com", key_type })).json<{
      login_key: string;
    }>().login_key;

  it("of the one-time kind die on use", async () => {
    const { send, world } = newSandbox();
    const key = await keyOf(send, "otl");

    expect(signInWith(world, key).last_login).toBe(noon);
    expect(() => signInWith(world, key)).toThrow("Invalid key");
  });

  it("of the daily kind last to the end of the UTC day", async () => {
    let time = noon;
    const { send, world } = newSandbox({ now: () => time });
    const key = await keyOf(send, "daily");

    signInWith(world, key);
    time = Date.parse("2026-05-07T23:59:59Z");
    expect(signInWith(world, key).id).toBe(101);
    time += 1000;
    expect(() => signInWith(world, key)).toThrow("Invalid key");
  });
});
