import { describe, expect, it } from "vitest";
import { withMembers } from "../../../src/skyprep/normalize/members.ts";
import { layer, records } from "./support.ts";

const signal = AbortSignal.timeout(5_000);
const avery = { id: 101, user_id: 101, display_name: "Avery" };

/** A group of these, in an academy of Avery alone. */
function academy(users: unknown[]) {
  const sent: string[] = [];
  const time = { now: 0 };
  const api = withMembers(
    async (route) => {
      sent.push(route);
      const value = route === "get_user_group" ? { id: 301, users: structuredClone(users) } : [avery];
      return { is: "json", value, bytes: 2 };
    },
    { records, now: () => time.now },
  );
  const group = async () => {
    const reading = await api("get_user_group", "", signal);
    return reading.is === "json" ? (reading.value as { users: unknown[] }).users : undefined;
  };
  return { api, group, sent, time };
}

describe("members that came as numbers", () => {
  it("are looked up once for many groups, and nobody is left out", async () => {
    const { group, sent } = academy([
      { id: 101, user_id: 101 },
      { id: 999, user_id: 999 },
    ]);

    const members = [await group(), await group()];

    expect(members[1]).toEqual([avery, { id: 999, user_id: 999 }]);
    expect(members[0]).toEqual(members[1]);
    expect(sent).toEqual(["get_user_group", "get_users", "get_user_group"]);
  });

  it("are looked up anew after a write", async () => {
    const { api, group, sent } = academy([{ id: 101, user_id: 101 }]);

    await group();
    await api("enroll_user_in_user_group", "", signal);
    await group();

    expect(sent.filter((route) => route === "get_users")).toHaveLength(2);
  });

  it("cost nothing where they came as records", async () => {
    const { group, sent } = academy([avery]);

    expect(await group()).toEqual([avery]);
    expect(sent).toEqual(["get_user_group"]);
  });
});

describe("what the layer makes of such a group", () => {
  it("is one that is looked up", async () => {
    const { value } = layer({ id: 301, users: [101] });

    expect(await value("get_user_group")).toEqual({ id: 301, users: [{ id: 101, user_id: 101 }] });
  });
});

it("a list that members were looked up in is read anew after a minute", async () => {
  const { group, sent, time } = academy([{ id: 101, user_id: 101 }]);
  await group();
  await group();
  expect(sent.filter((route) => route === "get_users")).toHaveLength(1);

  time.now = 61_000;
  await group();
  expect(sent.filter((route) => route === "get_users")).toHaveLength(2);
});
