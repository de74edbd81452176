import { expect, it } from "vitest";
import { writtenElsewhere } from "../../src/app/written-elsewhere.ts";

it("forgets what was read before somebody wrote, once for each write, and keeps it while nobody can say", async () => {
  let mark: number | Error = 4;
  let forgotten = 0;
  const upToDate = writtenElsewhere(
    async () => {
      if (mark instanceof Error) throw mark;
      return mark;
    },
    () => {
      forgotten += 1;
    },
  );
  const after = async (next: typeof mark) => {
    mark = next;
    await upToDate();
    return forgotten;
  };

  expect(await after(4)).toBe(0);
  expect(await after(4)).toBe(0);
  expect(await after(6)).toBe(1);
  expect(await after(new Error("gone"))).toBe(1);
  expect(await after(6)).toBe(1);
  expect(await after(7)).toBe(2);
});
