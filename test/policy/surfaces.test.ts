import { expect, it } from "vitest";
import { tools } from "../support/catalogue.ts";
import { everyTool, marksIn, openMarked } from "./sweep.ts";

it("lets nobody outside be seen through the tools that reach every operation, in the strict academy", async () => {
  const inside = 303;
  const academy = await openMarked(
    { people: { in_groups: ["Customer Support"] } },
    (tables) => ({ people: new Set(tables.groups.get(inside)?.members) }),
    { strict: true, env: { SKYPREP_SECTIONS: "essentials", SKYPREP_LOG: "debug" } },
  );
  const members = [...(academy.inside.people ?? [])];
  const picks = {
    user_id: [members[5], 101],
    user_ids: [[members[6]], [members[6], 101]],
    user_emails: [[academy.tables.people.get(members[7] ?? 0)?.email]],
    course_id: [240],
    user_group_id: [303, 301],
    learning_path_id: [404],
  };
  for (const { name, args } of everyTool(picks)) {
    if (tools.get(name)?.operation.effect === "remove") continue;
    const given = { operation: name, arguments: JSON.stringify(args) };
    const reads = tools.get(name)?.operation.effect === "read";
    if (!(await academy.go(reads ? "read_operation" : "write_operation", given, name))) break;
  }
  await academy.go("find_operation", { words: "enroll" });
  // What was kept of it, and what undoing it would bring.
  await academy.go("list_changes", { limit: 50 });
  const changes = [...(academy.replies.at(-1)?.text ?? "").matchAll(/^(\d+)\t/gm)].map(([, n]) => Number(n));
  for (const change of changes) if (!(await academy.go("undo_change", { change }))) break;
  expect(changes.length).toBeGreaterThan(10);

  expect(academy.wrong).toEqual([]);
  expect(academy.writes().length).toBeGreaterThanOrEqual(10);
  await academy.close();
}, 120_000);

it("lets nobody outside be seen in resources, completions and prompts, nor in what is said of a name", async () => {
  const academy = await openMarked({ people: { in_groups: [301] } }, (tables) => ({
    people: new Set(tables.groups.get(301)?.members),
  }));
  const { client, heard, inside } = academy;
  const stranger = [...academy.tables.people.values()].find(({ id }) => !inside.people?.has(id));
  const [insider] = inside.people ?? [];
  const { resources } = await client.listResources();
  const uris = [
    ...resources.map(({ uri }) => uri),
    `skyprep://users/${insider}`,
    "skyprep://users?search=outside",
    "skyprep://reports/1001",
    "skyprep://reports/1002",
    "skyprep://courses/201",
  ];
  let read = 0;
  for (const uri of uris)
    await client.readResource({ uri }).then(
      () => {
        read += 1;
      },
      () => {},
    );
  const { prompts } = await client.listPrompts();
  const values: string[] = [];
  for (const value of ["", "a", "canary", "1", "out"]) {
    for (const [uri, name] of [
      ["skyprep://users/{user_id}", "user_id"],
      ["skyprep://courses/{course_id}", "course_id"],
    ] as const)
      values.push(
        ...(await client.complete({ ref: { type: "ref/resource", uri }, argument: { name, value } }))
          .completion.values,
      );
    for (const prompt of prompts)
      for (const argument of prompt.arguments ?? [])
        values.push(
          ...(
            await client.complete({
              ref: { type: "ref/prompt", name: prompt.name },
              argument: { name: argument.name, value },
            })
          ).completion.values,
        );
  }
  // One who is not within is told like one who is nowhere.
  const told: string[][] = [];
  for (const [name, of] of [
    ["get_user", (who: string) => ({ user_email: who })],
    ["update_user", (who: string) => ({ user_email: who, title: "A" })],
    ["enroll_user_in_course", (who: string) => ({ user_email: who, course_id: 201 })],
    ["get_user_courses", (who: string) => ({ user_email: who })],
    ["offboard_person", (who: string) => ({ person: who })],
    ["plan_enrollment", (who: string) => ({ people: [who], courses: ["205"] })],
    ["training_status", (who: string) => ({ person: who })],
    ["find", (who: string) => ({ text: who })],
    ["access_review", (who: string) => ({ person: who })],
    ["export_report", (who: string) => ({ report: "user_courses", of: [who] })],
  ] as const) {
    // What is kept of the first call is said of the second.
    await academy.call(name, of("canary888888@outside.example"));
    const names = [stranger?.email ?? "", "canary999999@outside.example"];
    const replies: string[] = [];
    for (const who of names) {
      const { text } = await academy.call(name, of(who));
      replies.push(text.replaceAll(who, "WHO"));
    }
    told.push([name, ...replies]);
  }
  const numbers: string[][] = [];
  for (const id of [stranger?.id ?? 0, 888_888]) {
    const said: string[] = [];
    for (const [name, args] of [
      ["get_user", { user_id: id }],
      ["update_user", { user_id: id, title: "A" }],
      ["destroy_user", { user_id: id }],
      ["plan_enrollment", { people: [String(id)], courses: ["205"] }],
      ["offboard_person", { person: String(id) }],
    ] as const)
      said.push((await academy.call(name, args)).text.replaceAll(String(id), "N"));
    numbers.push(said);
  }
  const progress: string[][] = [];
  const theirs = [...academy.tables.progress.values()].find((row) => row.user_id === stranger?.id)?.id ?? 0;
  for (const id of [theirs, 7_777_777]) {
    const said: string[] = [];
    for (const [name, args] of [
      ["get_course_progress", { course_progress_id: id }],
      ["update_course_progress", { course_progress_id: id, set_status: "passed" }],
      ["destroy_course_progress", { course_progress_id: id }],
      ["get_course_item_progress", { course_progress_id: id, course_item_id: 211 }],
    ] as const)
      said.push((await academy.call(name, args)).text.replaceAll(String(id), "N"));
    progress.push(said);
  }

  expect(read).toBeGreaterThan(5);
  expect(values.length).toBeGreaterThan(50);
  expect(values.flatMap((value) => marksIn(value))).toEqual([]);
  for (const [name, there, nowhere] of told) expect({ name, text: there }).toEqual({ name, text: nowhere });
  expect(numbers[0]).toEqual(numbers[1]);
  expect(progress[0]).toEqual(progress[1]);
  const said = `${stranger?.email} canary999999@outside.example canary888888@outside.example`;
  expect(heard.flatMap((message) => marksIn(message, said))).toEqual([]);
  await academy.close();
});
