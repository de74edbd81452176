import { expect, it } from "vitest";
import { itAtEveryCall } from "../../support/at-every-call.ts";
import { patience } from "../../support/long.ts";
import { atEveryCall, callIn, items, routes } from "../shared/people-desk.ts";
import { createAcademy } from "../shared/plan-academy.ts";
import { inClass, mixed, registered, session } from "./in-session.ts";

it("says who was refused, where somebody else took the last seat meanwhile", async () => {
  const academy = createAcademy();
  let first = true;
  const reply = await callIn(
    academy,
    session({ session: "512", register: ["101", "102", "103", "104", "105", "106", "107"] }),
    {
      between: async (_, request, pass) => {
        if (first && request.route.startsWith("create_")) {
          first = false;
          academy.world.registrations.set(9_001, {
            id: 9_001,
            timeslot_id: 512,
            user_id: 300,
            course_progress_id: null,
            status: "pending",
            created_at: 0,
            updated_at: 0,
          });
        }
        return pass();
      },
    },
  );

  expect(reply.isError).toBe(true);
  expect(items(reply).map(({ outcome }) => outcome)).toEqual([...Array(6).fill("registered"), "failed"]);
  expect(reply.text).toMatch(/Timeslot is full/);
  expect(reply.structured).toMatchObject({ free_seats: 1 });
});

itAtEveryCall(
  "an error, a refusal or a lost answer at any call: never worse, nobody twice, and goes on when called again",
  async () => {
    const calls = await atEveryCall(mixed, {
      academy: () => inClass(100),
      end: (academy) => registered(academy, 512),
      check: (called, academy, where) => {
        const people = registered(academy, 512).map((row) => row.split(" ")[0]);
        expect(new Set(people).size, where).toBe(people.length);
        expect(routes(called).length, where).toBeLessThan(24);
      },
    });

    // The guard looks at what the registrations remember and at whose they are; each mark keeps what stood before.
    expect(calls).toBeLessThanOrEqual(15);
  },
  patience,
);
