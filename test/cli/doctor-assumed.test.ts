import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { assumed } from "../../src/cli/doctor/assumed.ts";
import { digest } from "../../src/reply/cursor.ts";
import { readCapabilities, writeCapabilities } from "../../src/state/capabilities.ts";
import { filesIn } from "../../src/state/files/files-state.ts";
import { noteMet, readMet } from "../../src/state/met-otherwise.ts";
import { connect, liveAccount } from "../support/academy.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { academyOf, domain, key } from "./probe/bench.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("assumed");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const account = { acctKey: domain, apiKey: key };
const mine = digest(domain);
const said = async () => (await assumed(folder, account)).map(({ says }) => says).join("\n");

it("says that nobody looked, what a probe saw and when, and what is not believed of it", async () => {
  expect(await said()).toMatch(/runs on \d+ assumptions.*\n.*none of them was looked at in this account/);

  const seen = { "ids-are-numbers": "holds", "people-come-whole": "by-25", "of-another-day": "x" };
  await writeCapabilities(folder, { account: mine, when: "2026-11-20", by: "0.1.0", seen, filters: {} }, key);
  expect(await said()).toMatch(
    /a probe looked on 2026-11-20: 1 as assumed, 1 otherwise, \d+ not seen\n {2}people-come-whole is otherwise: pages of 25/,
  );

  const path = join(folder, "capabilities", `${mine}.json`);
  writeFileSync(path, readFileSync(path, "utf8").replace("by-25", "by-100"));
  expect(await readCapabilities(filesIn(folder), { account: mine, secret: key })).toMatchObject({
    ignored: /edited/,
  });
  expect(await said()).toMatch(/what a probe saw is not used: it was edited/);
});

it("says what daily use met otherwise, since when, and writes it down once", async () => {
  const met = { id: "dates-are-iso", how: "american", since: "2026-11-21" };
  await noteMet(filesIn(folder), mine, met);
  const path = join(folder, "sightings", `${mine}.json`);
  const before = readFileSync(path, "utf8");
  await noteMet(filesIn(folder), mine, { ...met, since: "2026-11-30" });

  expect(readFileSync(path, "utf8")).toBe(before);
  expect(await said()).toMatch(
    /in daily use since 2026-11-21, dates-are-iso is otherwise: dates are 05\/01\/2026/,
  );
  expect(await readMet(filesIn(folder), digest("another.example.com"))).toEqual({});
  writeFileSync(path, '{"version":9}');
  expect(await readMet(filesIn(folder), mine)).toEqual({});
});

it("keeps what a call met otherwise, with nothing of the answer", async () => {
  const academy = academyOf({ dialect: { "ids-are-numbers": "text" } });
  const client = await connect(academy.send, {
    ...liveAccount,
    SKYPREP_API_KEY: key,
    SKYPREP_ACCT_KEY: domain,
    SKYPREP_STATE_DIR: folder,
  });
  await client.call("get_user", { user_email: "avery@example.com" });
  await client.close();

  await expect
    .poll(() => readMet(filesIn(folder), mine))
    .toMatchObject({ "ids-are-numbers": { how: "text" } });
  expect(readFileSync(join(folder, "sightings", `${mine}.json`), "utf8")).not.toMatch(/avery|example/i);
});
