import { expect, it } from "vitest";
import { endPage, questionPage } from "../../../src/guard/channels/page/html.ts";
import { noon } from "../../support/academy.ts";
import { cases } from "./cases.ts";
import { openCounted } from "./world.ts";

/** Hebrew and Arabic names as people have them: with numbers, brackets and Latin words in them. */
const names = ["מכירות", "א 301) לכולם", "سلامة المختبر 2", "קורס SAP (2026)", "محمد علي", "א"];
const mark = "\u200E";

it.each(cases)("$title: letters from right to left stay within their quotes", async (one) => {
  const academy = await openCounted();
  await academy.prepare(one);
  const { world } = academy;
  const rows = [world.courses, world.groups, world.timeslots, world.roles, world.datasets];
  let n = 0;
  for (const table of rows)
    for (const row of table.values()) (row as { name: string }).name = names[n++ % names.length] ?? "";
  for (const person of world.people.values()) {
    person.first_name = names[n++ % names.length] ?? "";
    person.last_name = "";
    person.profile.title = names[n++ % names.length] ?? "";
  }
  let message = "";
  academy.answered((form) => {
    message = form.message;
    return { action: "decline" };
  });
  await academy.call(one.tool.name, one.args);
  await academy.close();

  // A mark on either side: what is outside is drawn as if the name were written from left to right.
  const bare = message.replace(/\u200E“[^”]*”\u200E/g, "");
  expect(bare).not.toMatch(/[\u0590-\u08FF]/);
  expect(bare).not.toContain(mark);
});

it("on the page each name stands in an element of its own", () => {
  const question = {
    id: "q",
    kind: "removing" as const,
    tool: "destroy_course",
    facts: [`Delete the course ${mark}“מכירות”${mark} (243)?`, `It is in ${mark}“ב”${mark} (301).`],
    stored: [`Name: ${mark}“א <b>”${mark} now.`],
    expiresAt: noon + 600_000,
  };
  const html = questionPage(
    question,
    { client: "שלום", arguments: { name: "מכירות" } },
    {
      token: "t",
      pin: false,
      now: noon,
    },
  );

  expect(html).toMatch(/<h1>Delete the course \u200E?\s?“<bdi>מכירות<\/bdi>”\s?\(243\)\?<\/h1>/);
  expect(html).toContain("“<bdi>ב</bdi>”");
  expect(html).toContain("“<bdi>א &lt;b&gt;</bdi>”");
  expect(html).toContain("<bdi>שלום</bdi> (as it calls itself)");
  expect(html).toContain("<td><bdi>מכירות</bdi></td>");
  expect(endPage("approved", question)).toContain("“<bdi>מכירות</bdi>”");
});
