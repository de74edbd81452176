import { describe, expect, it } from "vitest";
import { academyBehind, type Fields } from "./between.ts";

/** Its list of people leaves these out; each is shown when asked for. */
const leavingOut = (ids: readonly number[]) => ({
  people: 43,
  answered: (value: unknown, { route }: { route: string }) =>
    route === "get_users" ? (value as Fields[]).filter(({ id }) => !ids.includes(Number(id))) : value,
});

describe("a list of people that leaves somebody out without a word", () => {
  it("is told as a part once somebody was seen who is not in it", async () => {
    const { call, close } = await academyBehind(leavingOut([102, 103]));
    await call("get_user", { user_id: 102 });

    const list = await call("get_users", { limit: 3 });
    const found = await call("find", { text: "nobody of this name" });
    await close();

    expect(list.structured?.total ?? null).toBeNull();
    expect(list.text).toMatch(/of a longer list|at least|more/);
    expect(found.text).not.toMatch(/among 41 people/);
  });

  it("is no part for somebody who is gone by now", async () => {
    let isGone = false;
    const { call, close } = await academyBehind({
      people: 43,
      asked: (form, route) => (isGone && route === "get_user" ? undefined : form),
      answered: (value, { route }) =>
        isGone && route === "get_users" ? (value as Fields[]).filter(({ id }) => id !== 102) : value,
    });
    await call("get_user", { user_id: 102 });
    isGone = true;

    const list = await call("get_users", { limit: 3 });
    await close();

    expect(list.structured?.total).toBe(42);
  });

  it("costs no read where everybody is in it", async () => {
    const { call, close, sent } = await academyBehind(leavingOut([]));
    await call("get_user", { user_id: 102 });

    const list = await call("get_users", { limit: 3 });
    await close();

    expect(list.structured?.total).toBe(43);
    expect(sent("get_user")).toHaveLength(1);
  });
});
