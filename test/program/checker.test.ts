import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

type Checker = {
  getValidator(schema: object): (value: unknown) => { valid: boolean; errorMessage?: string };
};
type Parts = Record<string, () => { DefaultJsonSchemaValidator: new () => Checker }>;
type App = (find: (id: string) => unknown, parts: Parts, module: { exports: Parts }) => void;

const built = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

it("the SDK's checker of schemas is not in what starts, and checks where it is asked for", () => {
  expect(readFileSync(built("skyprep-mcp.js"), "utf8")).not.toMatch(/ajv|must NOT have duplicate items/);
  const find = createRequire(import.meta.url);
  const parts: Parts = {};
  // What was loaded at the start is nothing to it.
  (find(built("app.js")) as App)((id) => (id.startsWith("src/") ? {} : find(id)), parts, { exports: parts });
  const own = parts["@modelcontextprotocol/server/_shims"]?.().DefaultJsonSchemaValidator;
  const check = own && new own().getValidator({ type: "object", properties: { a: { type: "integer" } } });
  expect(check?.({ a: 1 }).valid).toBe(true);
  expect(check?.({ a: "x" })).toMatchObject({ valid: false, errorMessage: "data/a must be integer" });
});
