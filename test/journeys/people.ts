import assert from "node:assert/strict";
import type { Journey, Row } from "./journey.ts";

/** Jobs about single people: who they are, and that they come and go. */
export const people: readonly Journey[] = [
  {
    job: 2,
    asks: "Who is Avery Lerner? I am not sure how she is spelt.",
    within: { calls: 1, api: 4, tokens: 400 },
    async play({ items }) {
      const [first] = await items("find", { text: "avery lerner" });

      assert.equal(first?.id, 101);
    },
  },
  {
    job: 3,
    asks: "Casey Newhire starts in Customer Support: add them, with First Aid and Phishing, and mail them.",
    // Two of them look whether they are in; one, whether somebody called so is here under another login.
    within: { calls: 1, api: 9 },
    async play({ world, call, asked }) {
      await call("onboard_person", {
        login: "casey@example.com",
        first_name: "Casey",
        last_name: "Newhire",
        groups: ["Customer Support"],
        courses: ["First Aid Basics", "SEC-102"],
        welcome: "mail",
      });

      const casey = [...world.people.values()].find(({ email }) => email === "casey@example.com");
      assert.equal(casey?.first_name, "Casey");
      assert.equal(world.groups.get(303)?.members.has(casey?.id ?? 0), true);
      for (const course of [210, 207])
        assert.ok(world.enrollments.get(casey?.id ?? 0)?.has(course), "as was asked");
      assert.deepEqual(asked, [], "a new learner takes no power: nobody is asked");
    },
  },
  {
    job: 4,
    asks: "Here is this week's list from HR: bring the academy up to date.",
    async play({ world, call, asked }) {
      const staff = [...world.people.values()].filter(({ role }) => role === "learner").slice(0, 40);
      const [leaver, ...stay] = staff;
      const csv = [
        "Email,First name,Last name,Title",
        ...[...world.people.values()]
          .filter((one) => one !== leaver)
          .map(({ email, first_name, last_name, profile }) =>
            [
              email,
              first_name,
              last_name,
              email === stay[0]?.email ? "Team Lead" : (profile.title ?? ""),
            ].join(),
          ),
        "noor@example.com,Noor,Newhire,Clerk",
        "kim@example.com,Kim,Newhire,Clerk",
      ].join("\n");
      const plan = await call("plan_roster", { csv });
      await call("apply_plan", { plan: String((plan.structured as Row | undefined)?.plan) });

      const logins = new Map([...world.people.values()].map((one) => [one.email, one]));
      assert.equal(logins.get("noor@example.com")?.first_name, "Noor");
      assert.equal(logins.get("kim@example.com")?.profile.title, "Clerk");
      assert.equal(logins.get(stay[0]?.email ?? "")?.profile.title, "Team Lead");
      assert.ok(leaver?.access_end_date, "who is not on the list has no access any more");
      assert.equal(asked.length, 1);
    },
  },
  {
    job: 5,
    asks: "Avery is a team lead now, in EMEA.",
    within: { calls: 1, api: 3 },
    async play({ world, call, asked }) {
      await call("update_user", {
        user_email: "avery@example.com",
        title: "Team Lead",
        custom_fields: { 0: "EMEA" },
      });

      const { title, ca_0 } = world.people.get(101)?.profile ?? {};
      assert.deepEqual([title, ca_0], ["Team Lead", "EMEA"]);
      assert.equal(world.people.get(101)?.first_name, "Avery");
      assert.deepEqual(asked, []);
    },
  },
  {
    job: 6,
    asks: "Jordan has left. Close everything, keep the record.",
    within: { calls: 1, api: 55 },
    async play({ world, call, asked }) {
      const finished = () => world.progress.of(102).filter(({ status }) => status === "passed").length;
      const records = finished();
      await call("offboard_person", { person: "jordan@example.com" });

      assert.ok(
        (world.people.get(102)?.access_end_date ?? Number.POSITIVE_INFINITY) < world.now() + 86_400_000,
      );
      assert.equal(world.people.get(102)?.role, "learner");
      const groups = [...world.groups.values()].filter(({ type }) => type === "user");
      assert.ok(
        groups.every(({ members }) => !members.has(102)),
        "as was asked",
      );
      assert.ok(
        [...world.managerships.values()].every(({ user_id }) => user_id !== 102),
        "as was asked",
      );
      assert.ok(
        [...world.powerUsers.values()].every(({ user_id }) => user_id !== 102),
        "as was asked",
      );
      assert.equal(finished(), records);
      assert.equal(asked.length, 1);
    },
  },
  {
    job: 7,
    asks: "Nadia Clarke wants to be forgotten: keep her record for the file, then delete her.",
    async play({ world, call, asked }) {
      await call("get_course_progresses", { user_email: "nadia.clarke@example.com", limit: 100 });
      await call("destroy_user", { user_email: "nadia.clarke@example.com" });

      assert.equal(world.people.has(120), false);
      assert.equal(asked.length, 1);
      assert.match(asked[0] ?? "", /delete/i);
    },
  },
  {
    job: 8,
    asks: "Nadia Clarke is in here twice: merge 120 into 101 and close the old one.",
    within: { calls: 1, api: 55 },
    async play({ world, call, asked }) {
      const courses = world.progress.of(120).map(({ course_id }) => course_id);
      await call("merge_people", { from: "120", into: "101" });

      const moved = new Set(world.progress.of(101).map(({ course_id }) => course_id));
      assert.ok(
        courses.every((course) => moved.has(course)),
        "as was asked",
      );
      assert.ok(world.people.get(120)?.access_end_date, "the old account is closed, not deleted");
      assert.equal(asked.length, 1);
    },
  },
  {
    job: 35,
    asks: "Avery says she cannot sign in. Why? Give her a link.",
    given({ people }) {
      const avery = people.get(101);
      assert.ok(avery, "as was asked");
      avery.login_status = "disabled";
    },
    async play({ call, asked }) {
      const { text } = await call("get_user", { user_email: "avery@example.com" });
      const link = await call("get_login_key", { user_email: "avery@example.com", key_type: "otl" });

      assert.match(text, /disabled/);
      assert.match(link.text, /https:/);
      assert.equal(asked.length, 1, "a link signs its holder in: somebody was asked");
    },
  },
  {
    job: 36,
    asks: "Who has not signed in for half a year? How many licences do we use?",
    async play({ world, call, items }) {
      const { text } = await call("get_data", { data_type: "learner_count" });
      assert.match(text, /\d/);
      const rows = await items("get_users", { fields: ["id", "last_login"], limit: 200 });

      const since = world.now() - 182 * 86_400_000;
      const dormant = (last: number | null) => last === null || last < since;
      assert.deepEqual(
        rows
          .filter(({ last_login }) => dormant(typeof last_login === "string" ? Date.parse(last_login) : null))
          .map(({ id }) => id),
        [...world.people.values()].filter(({ last_login }) => dormant(last_login)).map(({ id }) => id),
      );
    },
  },
];
