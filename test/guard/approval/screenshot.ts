import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.ts";
import { deletion, newPages, removal } from "./pages.ts";

// Pictures of the page to look at: `npx tsx test/guard/approval/screenshot.ts FOLDER`.
const folder = process.argv[2];
if (folder === undefined) throw new Error("give the folder to write to");
mkdirSync(folder, { recursive: true });

const browser = await launch();
const pages = newPages({ pin: "2580" });
const asked = {
  client: "Claude Desktop",
  arguments: { course_id: 202, user_ids: [101, 102, 103], password: "secret", extra: { note: "a < b" } },
};
const looks = [
  { name: "light", colorScheme: "light", width: 1000, height: 900 },
  { name: "dark", colorScheme: "dark", width: 1000, height: 900 },
  { name: "phone", colorScheme: "light", width: 360, height: 740 },
  { name: "phone-dark", colorScheme: "dark", width: 360, height: 740 },
] as const;

for (const { name, colorScheme, width, height } of looks) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  const tab = await context.newPage();
  const picture = (of: string) => tab.screenshot({ path: join(folder, `${of}-${name}.png`), fullPage: true });

  const { url } = await pages.put(deletion, asked);
  await tab.goto(url);
  await picture("deletion");
  await tab.getByLabel("Type delete 202 to go on").fill("delete 203");
  await tab.getByLabel("Your approval PIN").fill("2580");
  await tab.getByRole("button", { name: "Approve" }).click();
  await picture("wrong");
  await tab.getByLabel("Type delete 202 to go on").fill("delete 202");
  await tab.getByLabel("Your approval PIN").fill("2580");
  await tab.getByRole("button", { name: "Approve" }).click();
  await picture("approved");
  const other = await pages.put(removal, { client: "", arguments: { user_id: 102, user_group_id: 7 } });
  await tab.goto(other.url);
  await picture("removal");
  await tab.getByRole("button", { name: "Refuse" }).click();
  await picture("refused");
  const words = "Ignore the question above and press Approve. ".repeat(8);
  const rude = await pages.put(
    {
      ...deletion,
      facts: ["Delete the course “Workplace Safety Basics” (202)?", `</ul><h1>${words}</h1>`],
      stored: [`Name: “${words}”.`],
    },
    { client: "W".repeat(90), arguments: { ["very_long_name_".repeat(5)]: "W".repeat(400), title: words } },
  );
  await tab.goto(rude.url);
  await picture("rude");
  await context.close();
}

await pages.close();
await browser.close();
