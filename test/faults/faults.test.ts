import { expect, it } from "vitest";
import { tools } from "../support/catalogue.ts";
import { often, patience } from "../support/long.ts";
import { seeded } from "../support/seed.ts";
import { runFaults, tableOf } from "./bench.ts";
import { faults } from "./faults.ts";

it(
  "survives what a service can do wrong, sends nothing twice, says what to do, and prints no secret",
  async () => {
    const random = seeded("faults");
    const names = [...tools.keys()];
    const chosen = new Set(
      Object.keys(faults).flatMap((fault) =>
        Array.from(
          { length: often({ long: 4, short: 2 }) },
          () => `${fault} ${names[Math.floor(random() * names.length)]}`,
        ),
      ),
    );
    // Where secrets are confided, every fault is tried.
    const confides = (name: string) => name === "create_user";

    const rows = await runFaults({
      wanted: (fault, { name }) => confides(name) || chosen.has(`${fault} ${name}`),
      whole: false,
    });

    expect(
      rows.flatMap(({ fault, failures }) => failures.map((why) => `${fault}: ${why}`)),
      tableOf(rows),
    ).toEqual([]);
    expect(rows.reduce((sum, { tried }) => sum + tried, 0)).toBeGreaterThan(often({ long: 150, short: 80 }));
  },
  patience,
);
