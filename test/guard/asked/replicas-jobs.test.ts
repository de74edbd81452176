import { afterEach, describe, expect, it } from "vitest";
import { hasPostgres } from "../../support/postgres.ts";
import { type Leg, type RunningTeam, team } from "./replicas.ts";

const opened: RunningTeam[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** So slow that a call's own time does not suffice. */
const slow = { callMs: 4_000 };

const keepers = ["files", ...(hasPostgres ? (["postgres"] as const) : [])] as const;

describe.each(keepers)("a job whose call's time is over, over HTTP, kept in %s", (keeper) => {
  /** A plan that was asked about at one replica. */
  async function planned() {
    const place = await team(keeper);
    opened.push(place);
    const { replica, world } = place;
    const people = [...world.people.values()].filter(({ login_status }) => login_status !== "disabled");
    const leaving = people.filter(({ id, role }) => id >= 150 && role === "learner").slice(0, 12);
    const rows = people
      .filter((one) => !leaving.includes(one))
      .map(({ email, first_name, last_name }) => `${email},${first_name},${last_name}`);
    const csv = ["Email,First name,Last name", ...rows].join("\n");
    const first = await replica();
    const made = await first.call("plan_roster", { csv, max_leavers_percent: 100 });
    const [plan = ""] = /\b[a-z]{3,12}-\d{2,5}\b/.exec(made.text ?? "") ?? [];
    const call = ["apply_plan", { plan }] as const;
    return { ...place, call, put: await first.asked(...call), leaving };
  }
  /** The same, agreed to and begun at another. */
  async function begun() {
    const place = await planned();
    const part = await (await place.replica(slow)).call(...place.call, place.put.yes);
    return { ...place, part };
  }
  const disabled = (sent: readonly string[]) => sent.filter((route) => route === "update_user").length;

  it("goes on at another replica under the same yes, each step once", async () => {
    const { replica, call, part, sent, leaving } = await begun();
    const before = disabled(sent);

    const legs: Leg[] = [];
    for (
      let n = 0;
      n < 8 && !/\bfinished\b/.test(legs.at(-1)?.text?.replace("not finished", "") ?? "");
      n++
    ) {
      legs.push(await (await replica(slow)).call(...call));
      if (disabled(sent) === leaving.length) break;
    }

    expect(part.text).toMatch(/not finished/);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(leaving.length);
    expect(legs.filter((leg) => leg.put)).toEqual([]);
    expect(disabled(sent)).toBe(leaving.length);
  });

  it("is asked anew of another person, after ten minutes, and where settings changed", async () => {
    const rob = await begun();
    const byRob = await (await rob.replica({ person: "rob" })).call(...rob.call);
    const late = await begun();
    late.clock.set(late.clock.now() + 600_000);
    const afterwards = await (await late.replica()).call(...late.call);
    const other = await begun();
    const under = await (await other.replica({ env: { SKYPREP_KEEP_DAYS: "0" } })).call(...other.call);

    // A plan in the database is its maker's; in files it is the academy's, and a question of each.
    expect(byRob.put !== undefined || /no such plan/.test(byRob.text ?? "")).toBe(true);
    expect(afterwards.put).toBeDefined();
    expect(under.put).toBeDefined();
  });

  it("is asked anew where somebody it is about changed meanwhile", async () => {
    const { replica, call, sent, leaving, world } = await begun();
    const before = disabled(sent);
    for (const { id } of leaving) Object.assign(world.people.get(id) ?? {}, { login_status: "invited" });

    const anew = await (await replica()).call(...call);

    expect(anew.put, anew.text).toBeDefined();
    expect(disabled(sent)).toBe(before);
  });

  it("where two replicas are called at once, no step is sent twice, whichever of them goes on", async () => {
    const { replica, call, sent, leaving } = await begun();
    const [one, two] = [await replica(), await replica()];

    const legs = await Promise.all([one.call(...call), two.call(...call)]);
    // Whoever was asked meanwhile, or told to come again, goes on until nothing is left.
    for (let n = 0; n < 3; n++) {
      const asked = legs.at(-1)?.put ?? legs.find(({ put }) => put !== undefined)?.put;
      legs.push(await one.call(...call, asked?.yes));
    }

    expect(legs.at(-1)?.text).toMatch(/applied already: 9 done, 0 already, 0 failed, 0 unknown/);
    expect(disabled(sent)).toBe(leaving.length);
  });

  it("does not begin again what another replica is doing this moment, and keeps what became of it", async () => {
    const { replica, call, put, sent, leaving } = await planned();
    let reached = () => {};
    const onItsWay = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const one = await replica({
      answers: async (route) => {
        if (route !== "update_user") return;
        reached();
        await held;
      },
    });
    const two = await replica();

    const first = one.call(...call, put.yes);
    await onItsWay;
    const asked = await two.call(...call);
    const others = await two.call(...call, asked.put?.yes);
    goOn();
    const stopped = await first;
    const last = await two.call(...call);

    expect(asked.put?.message, asked.text).toMatch(new RegExp(`access of ${leaving.length - 1} people`));
    expect(others.text).toMatch(/8 done, 0 already, 0 failed, 1 unknown/);
    expect(stopped.text).toMatch(/1 done|another call/);
    expect(last.text).toMatch(/applied already: 9 done, 0 already, 0 failed, 0 unknown/);
    expect(disabled(sent)).toBe(leaving.length);
  });

  it("brought to two replicas at once its yes is good at one at most: no step is sent twice, none is told as changed", async () => {
    const { replica, call, put, sent, leaving, clock } = await planned();
    const [one, two] = [await replica(), await replica()];

    const legs = await Promise.all([one.call(...call, put.yes), two.call(...call, put.yes)]);
    // Of two at one plan, one stops; whoever was asked anew goes on.
    for (let n = 0; n < 2; n++) {
      const asked = legs.findLast((leg) => leg.put !== undefined)?.put;
      clock.set(clock.now() + 60_000);
      legs.push(await two.call(...call, asked?.yes));
    }

    expect(legs.at(-1)?.text).toMatch(/applied already: 9 done, 0 already, 0 failed, 0 unknown/);
    expect(disabled(sent)).toBe(leaving.length);
    expect(await one.journal()).not.toMatch(/"said":"changed"/);
  });

  it("of a few steps is begun at one of two that get its yes at once", async () => {
    const place = await team(keeper);
    opened.push(place);
    const { replica, sent } = place;
    const [one, two] = [await replica(), await replica()];
    const call = ["offboard_person", { person: "150", last_day: "2026-12-01" }] as const;
    const put = await one.asked(...call);

    await Promise.all([one.call(...call, put.yes), two.call(...call, put.yes)]);

    expect(disabled(sent)).toBe(1);
    expect(await one.journal()).not.toMatch(/"said":"changed"/);
  });

  it("ends with a no that comes back with the call", async () => {
    const { replica, call, put, sent } = await begun();
    const before = disabled(sent);
    const one = await replica();
    const other = await one.call(...call, put.no);
    const after = await (await replica()).call(...call);

    expect(other.text ?? "").not.toMatch(/\d+ done/);
    // It is out, and no later call goes on from it.
    expect(after.put, after.text).toBeDefined();
    expect(disabled(sent)).toBe(before);
  });
});
