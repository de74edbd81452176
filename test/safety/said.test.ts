import { describe, expect, it } from "vitest";
import { answering, connect, liveAccount } from "../support/academy.ts";

/** A terminal's escape, a turned direction, nothing of any width, a tag, and a key in a link. */
const tricks = "\u001b[2J\u202eevil\u200b\u2066\u{e0041}\u0000 https://a.example.com/?view_key=LEAK1 end";
const unseen = /(?![\n\t])\p{Cc}|\p{Cf}|LEAK1/u;

describe("SkyPrep's own words", () => {
  const bodies = {
    "an error": JSON.stringify({ error: tricks }),
    "errors by field": JSON.stringify({ errors: { name: [tricks] } }),
    "a message": JSON.stringify({ message: tricks }),
    "an error_message": JSON.stringify({ error_message: tricks }),
    "a bare sentence": tricks,
  };
  const calls = [
    ["get_course", { course_id: 1 }],
    ["create_course", { name: "x" }],
    ["enroll_user_in_course", { user_id: 101, course_id: 1 }],
    ["training_status", {}],
  ] as const;

  it.each(
    Object.entries(bodies).flatMap(([what, body]) =>
      [200, 422, 500].map((status) => [what, status, body] as const),
    ),
  )("are clean in replies and in the log: %s, %i", async (_, status, body) => {
    const lines: string[] = [];
    const academy = await connect(
      answering(body, { status }).send,
      { ...liveAccount, SKYPREP_LOG: "debug" },
      { say: (line) => lines.push(line) },
    );

    for (const [name, args] of calls) {
      const reply = await academy.call(name, { ...args });
      expect(JSON.parse(JSON.stringify(reply)).text).not.toMatch(unseen);
      expect(JSON.stringify(reply.structured ?? {})).not.toMatch(unseen);
    }
    await academy.close();

    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join("\n")).not.toMatch(unseen);
  });
});
