import { expect, it } from "vitest";
import { itAtEveryCall } from "../../support/at-every-call.ts";
import { patience } from "../../support/long.ts";
import { atEveryCall, callIn, items, type Job, routes, writesOf } from "../shared/people-desk.ts";
import { type Academy, createAcademy, quietCourse } from "../shared/plan-academy.ts";

const casey = { login: "casey@example.com", first_name: "Casey", last_name: "Newhire" };
const hire: Job = [
  "onboard_person",
  { ...casey, groups: ["Customer Support"], courses: ["First Aid Basics", "211"], welcome: "mail" },
];
const find = ({ world }: Academy, login = casey.login) =>
  [...world.people.values()].find(({ email }) => email.toLowerCase() === login);
const groupsOf = ({ world }: Academy, id: number) =>
  [...world.groups.values()].filter(({ members }) => members.has(id)).map((group) => group.id);
const stateOf = (academy: Academy, login = casey.login) => {
  const person = find(academy, login);
  return (
    person && {
      name: `${person.first_name} ${person.last_name}`,
      role: person.role,
      groups: groupsOf(academy, person.id),
      direct: [...(academy.world.enrollments.get(person.id) ?? [])].sort(),
      people: [...academy.world.people.values()].filter(({ email }) => email === person.email).length,
    }
  );
};

it("onboards a hire in one call of ours and nine to SkyPrep, and says who is new", async () => {
  const academy = createAcademy();

  const reply = await callIn(academy, hire);

  expect(routes(reply)).toEqual([
    "get_user",
    // Somebody called so may be here under another login.
    "get_users",
    "get_user_groups",
    "get_courses",
    "get_user_group",
    "create_user",
    "mass_enroll",
    // Whether they are in, since SkyPrep says no more than success.
    "get_user_courses",
    "get_user_group",
  ]);
  expect(reply.text).toMatch(/newly created: person \d+ casey@example.com: 4 done/);
  expect(stateOf(academy)).toEqual({
    name: "Casey Newhire",
    role: "learner",
    groups: [303],
    direct: [210, 211],
    people: 1,
  });
  expect(writesOf(reply)[0]?.form.get("send_login_information")).toBe("true");
  expect(academy.asked).toEqual([]);
});

it("called again has nothing to do, sends nothing, and says what was there", async () => {
  const academy = createAcademy();
  await callIn(academy, hire);

  const again = await callIn(academy, ["onboard_person", { ...hire[1], login: "  CASEY@Example.com " }]);

  expect(again.isError).toBe(false);
  expect(writesOf(again)).toEqual([]);
  expect(items(again).map(({ outcome }) => outcome)).toEqual(["already", "already", "already"]);
  expect(again.text).toMatch(/Nothing to do: person \d+ Casey Newhire[\s\S]*No sign-in was mailed/);
});

it("enrolls in nothing that the group, or a path of it, gives", async () => {
  const academy = createAcademy();

  const reply = await callIn(academy, [
    "onboard_person",
    { ...casey, groups: ["301"], courses: ["201", "203", "211"], paths: ["405"] },
  ]);

  expect(writesOf(reply).map(({ form }) => form.get("course_ids"))).toEqual([null, "211"]);
  expect(reply.text).toMatch(/course 201 .*already\t\tcomes with group 301/);
  expect(reply.text).toMatch(/course 203 .*already\t\tcomes with group 301/);
  expect(reply.text).not.toMatch(/was not read/);
  expect(stateOf(academy)).toMatchObject({ groups: [301, 405], direct: [211] });
});

it("reads five learning paths to see what comes with them, says so, and enrolls in the course itself", async () => {
  const academy = createAcademy();
  const paths = ["402", "403", "404", "405", "406", "407"];

  const reply = await callIn(academy, ["onboard_person", { ...casey, courses: ["240"], paths }]);

  const created = routes(reply).indexOf("create_user");
  expect(
    routes(reply)
      .slice(0, created)
      .filter((route) => route === "get_learning_path"),
  ).toHaveLength(5);
  expect(reply.text).toMatch(/Which courses come with 1 further learning path was not read/);
  expect(stateOf(academy)).toMatchObject({ direct: [240] });
});

it("gives nothing to whose address stands beside another's number", async () => {
  const academy = createAcademy();
  const login = "102 <avery@example.com>";

  const reply = await callIn(academy, ["onboard_person", { login, courses: ["240"] }]);

  expect(reply.isError).toBe(true);
  expect(reply.text).toMatch(/person 102 is Jordan Manager/);
  expect(writesOf(reply)).toEqual([]);
});

it.each([
  ["nobody's name is no name", "- -", undefined],
  ["other letters in another order are no name", "Wei 李", { first_name: "Wie", last_name: "李" }],
] as const)("takes nobody for a namesake by chance: %s", async (_, called, name) => {
  const academy = createAcademy();
  const [first_name, last_name] = called.split(" ");
  Object.assign(academy.world.people.get(111) ?? {}, { first_name, last_name });

  const reply = await callIn(academy, ["onboard_person", { login: casey.login, ...name, courses: ["240"] }]);

  expect(reply.text).not.toMatch(/111|called so/);
  expect(reply.isError).toBe(name === undefined);
});

it("cuts a name after eighty letters, a person's and a course's", async () => {
  const academy = createAcademy();
  const { world } = academy;
  Object.assign(world.people.get(150) ?? {}, { first_name: "N".repeat(40), last_name: "M".repeat(40) });
  Object.assign(world.courses.get(quietCourse) ?? {}, { name: "C".repeat(81) });

  const { text } = await callIn(academy, [
    "onboard_person",
    { login: academy.login(150), courses: [String(quietCourse)] },
  ]);

  expect(text).toMatch(/\bN{40} M{39} /);
  expect(text).toMatch(/\bC{80}\s/);
});

it("gives whoever is here only what they lack, each thing to be undone by itself", async () => {
  const academy = createAcademy();
  const before = stateOf(academy, "avery@example.com");

  const reply = await callIn(academy, [
    "onboard_person",
    {
      login: "Avery@example.com",
      first_name: "Other",
      last_name: "Name",
      groups: ["301", "303"],
      courses: ["201", "240"],
    },
  ]);
  const changes = await callIn(academy, ["list_changes", {}]);

  expect(writesOf(reply).map(({ route }) => route)).toEqual([
    "enroll_user_in_user_group",
    "enroll_user_in_course",
  ]);
  expect(reply.text).toMatch(/Their name here is another/);
  expect(stateOf(academy, "avery@example.com")).toMatchObject({
    name: "Avery Learner",
    groups: [...(before?.groups ?? []), 303],
  });

  for (const { change } of (changes.structured?.items ?? []) as { change: number }[]) {
    expect((await callIn(academy, ["undo_change", { change }])).text).toMatch(/was undone/);
  }
  expect(stateOf(academy, "avery@example.com")).toEqual(before);
});

it("undoes a hire with the person", async () => {
  const academy = createAcademy();
  await callIn(academy, hire);
  const { structured } = await callIn(academy, ["list_changes", {}]);
  const [enrolled, created] = (structured?.items ?? []) as { change: number; tool: string }[];

  expect([enrolled?.tool, created?.tool]).toEqual(["mass_enroll", "create_user"]);
  expect((await callIn(academy, ["undo_change", { change: created?.change }])).text).toMatch(/was undone/);
  expect(find(academy)).toBeUndefined();
});

it("lists all that is unknown or ambiguous at once, and sends nothing", async () => {
  const academy = createAcademy();
  const twin = academy.world.people.get(111);
  const one = academy.world.people.get(110);
  if (one && twin) Object.assign(twin, { first_name: one.first_name, last_name: one.last_name });

  const reply = await callIn(academy, [
    "onboard_person",
    {
      login: "casey@example.com",
      groups: ["Sales"],
      courses: ["999999", "nope"],
      manager: `${one?.first_name} ${one?.last_name}`,
    },
  ]);

  expect(reply.isError).toBe(true);
  expect(reply.text).toMatch(/needs a first_name and a last_name/);
  expect(reply.text).toMatch(/near it: 301 Sales Team/);
  expect(reply.text).toMatch(/no course “999999”[\s\S]*no course “nope”/);
  expect(reply.text).toMatch(/2 are called/);
  expect(writesOf(reply)).toEqual([]);
});

it("creates nobody because a look-up failed, or answered with somebody else where the list does not tell", async () => {
  for (const answer of [500, 403, "somebody else"] as const) {
    const academy = createAcademy();
    const reply = await callIn(academy, hire, {
      between: async (_, { route }, pass) => {
        if (route === "get_users") return { status: 200, contentType: "", body: new Uint8Array() };
        if (route !== "get_user") return pass();
        if (answer === "somebody else")
          return academy.sandbox.send(
            { route, headers: heads, body: "user_id=101" },
            new AbortController().signal,
          );
        return { status: answer, contentType: "text/plain", body: new TextEncoder().encode("no") };
      },
    });

    expect(reply.isError).toBe(true);
    expect(writesOf(reply)).toEqual([]);
    expect(find(academy)).toBeUndefined();
  }
});
const heads = { "X-SkyPrep-API-Key": "sandbox-key", "X-SkyPrep-Acct-Key": "example.skyprepapp.com" };

it("asks about a sign-in link, naming who is new, and gives it in its own reply", async () => {
  const academy = createAcademy();

  const reply = await callIn(academy, ["onboard_person", { ...casey, groups: ["303"], welcome: "link" }]);

  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(
    /^\[sandbox\] Onboard “Casey Newhire” \(casey@example\.com\) with a new account\?[\s\S]*^Make a sign-in link for them: /m,
  );
  expect(reply.text).toMatch(/https:\/\/example.skyprepapp.com\/account\/automated_login\?login_key=/);
  expect(reply.structured?.sign_in_link).toMatch(/^https:/);
  expect(academy.world.loginKeys.size).toBe(1);
  const changes = await callIn(academy, ["list_changes", {}]);
  expect(`${changes.text}${JSON.stringify(changes.structured)}`).not.toMatch(/login_key=/);
});

it("makes a manager of one who may be one, through the one group, and asks for it", async () => {
  const academy = createAcademy();

  const learner = await callIn(academy, ["onboard_person", { ...casey, groups: ["303"], manager: "101" }]);
  expect(learner.text).toMatch(/person 101, has the role learner/);
  expect(writesOf(learner)).toEqual([]);

  const reply = await callIn(academy, ["onboard_person", { ...casey, groups: ["303"], manager: "175" }]);
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(/Make “[^”]+” \([^)]+\) a manager of the group “[^”]+” \(303\)/);
  const manages = [...academy.world.managerships.values()].filter((row) => row.user_id === 175);
  expect(manages.map(({ user_group_id }) => user_group_id)).toContain(303);

  const again = await callIn(academy, ["onboard_person", { ...casey, groups: ["303"], manager: "175" }]);
  expect(writesOf(again)).toEqual([]);
  expect(reply.isError).toBe(false);
});

it("sends nothing on a no, and is not there in read-only mode", async () => {
  const academy = createAcademy();

  const no = await callIn(academy, ["onboard_person", { ...casey, welcome: "link" }], {
    person: () => ({ action: "decline" }),
  });
  expect(no.text).toMatch(/said no/);
  expect(writesOf(no)).toEqual([]);

  const reading = await callIn(academy, hire, { env: { SKYPREP_READ_ONLY: "true" } });
  expect(reading).toMatchObject({
    isError: true,
    sent: [],
    text: expect.stringContaining("SKYPREP_READ_ONLY"),
  });
  expect(find(academy)).toBeUndefined();
});

it("says of each thing what became of it where SkyPrep takes only some", async () => {
  const academy = createAcademy();
  const reply = await callIn(academy, hire, {
    between: async (_, request, pass) => {
      const form = new URLSearchParams(request.body);
      if (request.route === "mass_enroll" && /211/.test(form.get("course_ids") ?? "")) {
        return { status: 422, contentType: "text/plain", body: new TextEncoder().encode("Course is closed") };
      }
      return pass();
    },
  });

  expect(
    items(reply).map(({ what, outcome }) => `${what.split(" ").slice(0, 2).join(" ")} ${outcome}`),
  ).toEqual(["person created, sign-in mailed", "group 303 added", "course 210 added", "course 211 failed"]);
  expect(reply.text).toMatch(/Course is closed/);
  expect(stateOf(academy)).toMatchObject({ groups: [303], direct: [210] });
});

itAtEveryCall(
  "an error, a refusal or a lost answer at any call: never worse, nothing twice, and goes on when called again",
  async () => {
    const calls = await atEveryCall(hire, {
      // Fewer than a hundred people, or a round number of them, might be a page and are looked past.
      academy: () => createAcademy({ people: 101 }),
      end: (academy) => stateOf(academy),
    });

    expect(calls).toBe(9);
  },
  patience,
);

itAtEveryCall(
  "with a manager and a link: the same at every call",
  async () => {
    const job: Job = ["onboard_person", { ...casey, groups: ["303"], manager: "175", welcome: "link" }];
    const calls = await atEveryCall(job, {
      academy: () => createAcademy({ people: 100 }),
      end: (academy) => [
        stateOf(academy),
        [...academy.world.managerships.values()].filter(({ user_id }) => user_id === 175).length,
      ],
    });

    expect(calls).toBeLessThan(30);
  },
  patience,
);

it("asks in its answer in the 2026 era, is begun again with what was said, and does it once", async () => {
  const academy = createAcademy();

  const reply = await callIn(academy, ["onboard_person", { ...casey, groups: ["303"], welcome: "link" }], {
    mode: "auto",
  });

  expect(academy.asked).toHaveLength(1);
  expect(reply.structured).toMatchObject({ created: true, finished: true });
  expect(stateOf(academy)).toMatchObject({ groups: [303], people: 1 });
  expect(academy.world.loginKeys.size).toBe(1);
});

it("does not create who was created while it was asked about them", async () => {
  const academy = createAcademy();
  const reply = await callIn(academy, ["onboard_person", { ...casey, welcome: "link" }], {
    person: async () => {
      const server = await academy.open();
      await server.call("create_user", { email: casey.login, first_name: "Other", last_name: "Hand" });
      await server.close();
      return { action: "accept", content: { answer: "yes" } };
    },
  });

  expect(stateOf(academy)).toMatchObject({ name: "Other Hand", people: 1 });
  expect(reply.isError).toBe(true);
  expect(academy.world.loginKeys.size).toBe(0);
});
