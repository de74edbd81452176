import { expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";

it.each([
  ["example.skyprepapp.com", true],
  ["https://Example.skyprepapp.com/admin", true],
  ["example", true],
  ["other.skyprepapp.com", false],
  ["exam", false],
])("test_connection says whether it is the academy that was meant: %s", async (domain, asMeant) => {
  const academy = await openAcademy();

  const { text, structured, isError } = await academy.call("test_connection", { domain });

  expect(isError).toBe(false);
  expect(structured).toMatchObject({ acct_key: "example.skyprepapp.com", as_meant: asMeant });
  expect(text).toMatch(
    asMeant ? /This is the academy that was meant/ : /This is not the academy that was meant/,
  );
  await academy.close();
});

it("test_connection without a domain only says whether it works, and sends nothing of it with one", async () => {
  const academy = await openAcademy();

  const plain = await academy.call("test_connection");
  await academy.call("test_connection", { domain: "example" });

  expect(plain.text).not.toMatch(/meant/);
  expect(plain.structured).not.toHaveProperty("as_meant");
  await academy.close();
});

it("get_program shows the figures that were asked for, or all, and refuses one there is not", async () => {
  const academy = await openAcademy();

  const all = await academy.call("get_program");
  const two = await academy.call("get_program", { figures: "users_count, courses_count" });
  const none = await academy.call("get_program", { figures: ["licences"] });

  expect(Object.keys(all.structured ?? {})).toEqual(expect.arrayContaining(["name", "admin_count"]));
  expect(two.structured).toMatchObject({
    users_count: all.structured?.users_count,
    courses_count: all.structured?.courses_count,
  });
  expect(two.structured).not.toHaveProperty("admin_count");
  expect(two.text).not.toMatch(/admin/);
  expect(none).toMatchObject({ isError: true, text: expect.stringMatching(/figures must be .*users_count/) });
  await academy.close();
});
