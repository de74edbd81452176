import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createPinCount, mostPinsAnHour } from "../../../src/guard/channels/page/pins.ts";
import { smallFile } from "../../../src/state/files/safe-files.ts";
import { createLock } from "../../../src/state/files/shared-folder.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { answerNow, asker, call, newPages, noon, removal, submit } from "./pages.ts";

const pin = "korrekt-pferd";
const open: ReturnType<typeof newPages>[] = [];
afterEach(async () => {
  for (const pages of open.splice(0)) await pages.close();
});

/** Pages as one process serves them, which counts in this folder. */
function processIn(folder: string, now = () => noon) {
  const file = smallFile(join(folder, "pins.json"));
  const pins = createPinCount({ file, alone: createLock(folder, { name: "pins" }), now });
  const pages = newPages({ pin, pins });
  open.push(pages);
  return { ...pages, pins };
}
const wrongly = (pins: { attempt(isRight: () => boolean): Promise<string> }, times: number) =>
  Promise.all(Array.from({ length: times }, () => pins.attempt(() => false)));

it("a PIN is hidden while it is typed, and what has to be typed is not", async () => {
  const pages = processIn(temporaryFolder("pins"));
  const page = await pages.put({ ...removal, phrase: "Sales" }, asker);

  const { body } = await call(page.url);

  expect(body).toMatch(/name="phrase" type="text"/);
  expect(body).toMatch(/name="pin" type="password"/);
});

describe("wrong PINs", () => {
  it("are counted over every process of a state folder, and after fifteen in an hour no page is served", async () => {
    const folder = temporaryFolder("pins");
    const [one, other] = [processIn(folder), processIn(folder)];

    for (const pages of [one, other, one]) {
      const page = await pages.put({ ...removal, id: "q" }, asker);
      for (let times = 0; times < 5; times++) await submit(page.url, { answer: "approve", pin: "wrong" });
      expect(await page.answer).toEqual({ said: "no" });
    }
    const refused = [await other.put(removal, asker), await processIn(folder).put(removal, asker)];

    for (const page of refused) {
      expect(page.url).toBe("");
      expect(await page.answer).toEqual({ said: "failed" });
    }
  });

  it("close a page that is open when others have used the hour's tries up, the right PIN or not", async () => {
    const folder = temporaryFolder("pins");
    const pages = processIn(folder);
    const page = await pages.put(removal, asker);

    await wrongly(processIn(folder).pins, mostPinsAnHour);
    await submit(page.url, { answer: "approve", pin });

    expect(await page.answer).toEqual({ said: "no" });
    expect((await call(page.url)).body).toContain("too many wrong PINs in the last hour");
  });

  it("typed at once by several processes buy not one guess more", async () => {
    const folder = temporaryFolder("pins");
    const all = [processIn(folder), processIn(folder), processIn(folder)];

    const said = (await Promise.all(all.map(({ pins }) => wrongly(pins, 8)))).flat();

    expect(said.filter((one) => one === "wrong")).toHaveLength(mostPinsAnHour);
    expect(said.filter((one) => one === "shut")).toHaveLength(24 - mostPinsAnHour);
  });

  it("are forgotten after an hour, fourteen shut nothing, and a right one is not counted", async () => {
    const folder = temporaryFolder("pins");
    let now = noon;
    const { pins } = processIn(folder, () => now);

    await wrongly(pins, mostPinsAnHour - 1);
    expect(await pins.attempt(() => true)).toBe("right");
    expect(await pins.shut()).toBe(false);
    await wrongly(pins, 1);
    expect(await pins.shut()).toBe(true);
    expect(await pins.attempt(() => true)).toBe("shut");
    now += 3_600_000;

    expect(await pins.shut()).toBe(false);
    expect(await pins.attempt(() => true)).toBe("right");
  });

  it.each(["", "{", '{"times":[]}', '["a"]', "[null]"])(
    "count as used up for an hour where %j stands in their place",
    async (text) => {
      const folder = temporaryFolder("pins");
      writeFileSync(join(folder, "pins.json"), text);
      let now = noon;
      const { pins } = processIn(folder, () => now);

      expect(await pins.attempt(() => true)).toBe("shut");
      now += 3_600_000;

      expect(await pins.attempt(() => true)).toBe("right");
    },
  );

  it("that cannot be counted leave nothing approved", async () => {
    const folder = join(temporaryFolder("pins"), "file");
    writeFileSync(folder, "");
    const pages = processIn(folder);

    const page = await pages.put(removal, asker);

    expect(page.url).toBe("");
    expect(await answerNow(page)).toEqual({ said: "failed" });
  });

  it("are counted nowhere on disk but as times, and not at all where no PIN is set", async () => {
    const folder = temporaryFolder("pins");
    const file = smallFile(join(folder, "pins.json"));
    const alone = createLock(folder, { name: "pins" });
    const pages = newPages({ pins: createPinCount({ file, alone, now: () => noon }) });
    open.push(pages);
    const page = await pages.put(removal, asker);
    await submit(page.url, { answer: "approve" });
    expect(await page.answer).toEqual({ said: "yes" });
    expect(existsSync(join(folder, "pins.json"))).toBe(false);

    await wrongly(processIn(folder).pins, 2);

    expect(JSON.parse(readFileSync(join(folder, "pins.json"), "utf8"))).toEqual({
      version: 1,
      wrong: [noon, noon],
    });
  });
});
