import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { describePorts } from "./world.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const report = {
  name: "All Users Report",
  bytes: bytes("a,b\n1,2\n"),
  extension: "csv",
  rows: 1,
  columns: ["a", "b\u0000"],
} as const;
const aDay = 86_400_000;

describePorts("exports", (world) => {
  const both = () => [world().one.exports("acme"), world().other.exports("acme")] as const;

  it("are read by id and listed, newest first, also by another process", async () => {
    const [one, other] = both();
    const first = await one.keep(report);
    await world().passTime(1_000);
    const second = await one.keep({ name: "Übersicht / 日本 \u0000", bytes: bytes("PK"), extension: "xlsx" });

    expect(await other.list()).toEqual([second, first]);
    expect(first).toMatchObject({
      name: report.name,
      extension: "csv",
      bytes: 8,
      rows: 1,
      columns: ["a", "b\u0000"],
    });
    expect(second.id).toMatch(/^[a-z0-9-]{8,40}$/);
    const read = await other.read(first.id);
    expect(read?.about).toEqual(first);
    expect(Buffer.from(read?.content ?? []).toString()).toBe("a,b\n1,2\n");
  });

  it("have ids that fit, whatever they are called", async () => {
    const [one] = both();

    const { id } = await one.keep({ ...report, name: "日本 ".repeat(100) + "x-".repeat(100) });

    expect(id).toMatch(/^[a-z0-9-]{8,40}$/);
  });

  it("of five megabytes of any bytes come back as they were", async () => {
    const [one, other] = both();
    const content = randomBytes(5 * 1024 * 1024);

    const { id } = await one.keep({ ...report, bytes: content });

    expect(Buffer.compare(Buffer.from((await other.read(id))?.content ?? []), content)).toBe(0);
  });

  it("of an earlier run of the pretend academy are not there any more", async () => {
    const { one, other } = world();
    const { id } = await one.exports("sandbox", "first").keep(report);

    expect((await other.exports("sandbox", "first").list()).map((kept) => kept.id)).toEqual([id]);
    expect(await other.exports("sandbox", "second").list()).toEqual([]);
    expect(await other.exports("sandbox", "second").read(id)).toBeUndefined();
  });

  it("of another owner are none", async () => {
    const [one] = both();
    const { id } = await one.keep(report);

    expect(await world().other.exports("another").read(id)).toBeUndefined();
    expect(await world().other.exports("another").list()).toEqual([]);
  });

  it("go after a week", async () => {
    const [one] = both();
    const { id } = await one.keep(report);
    await world().passTime(7 * aDay - 60_000);
    expect(await one.read(id)).toBeDefined();

    await world().passTime(60_000);

    expect(await one.read(id)).toBeUndefined();
    expect(await one.list()).toEqual([]);
  });

  it.each([
    "../../secret0",
    "..%2Fsecret0",
    "/etc/passwd",
    "",
    "short",
    "UPPERCASE1",
    "a".repeat(41),
    "dot.dot.dot",
  ])("are not read by the id %j", async (id) => {
    const [one] = both();
    await one.keep(report);

    expect(await one.read(id)).toBeUndefined();
  });
});
