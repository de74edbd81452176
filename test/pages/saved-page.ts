import { readFileSync } from "node:fs";
import { decodeHTML } from "entities";
import { expect } from "vitest";
import type { Board } from "../../src/pages/board.ts";
import { type Called, callIn, type Job } from "../jobs/shared/people-desk.ts";
import type { Academy } from "../jobs/shared/plan-academy.ts";
import type { AcademyOptions, Reply } from "../support/academy.ts";

/** A page as whoever looks at it reads it. */
export interface SavedPage {
  html: string;
  title: string;
  about: string;
  notDone: string | undefined;
  numbers: Record<string, string>;
  /** By the chart's title. */
  bars: Record<string, [label: string, value: string][]>;
  tables: { title: string; columns: string[]; rows: Record<string, string>[]; said: string }[];
  texts: { heading: string; text: string }[];
  notes: string[];
  /** Every tag in it, in its order. */
  tags: string[];
}

const textOf = (html = "") => decodeHTML(html.replace(/<[^>]*>/g, ""));
const all = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map((found) => found.slice(1));
const first = (html: string, pattern: RegExp) => pattern.exec(html)?.[1];

export function readPage(html: string): SavedPage {
  const body = html.slice(html.indexOf("<body>"), html.lastIndexOf("<script>"));
  const shown = body.length > 1 ? body : html.slice(html.indexOf("<body>"));
  return {
    html,
    title: textOf(first(shown, /<h1>(.*?)<\/h1>/s)),
    about: textOf(first(shown, /<p class="about">(.*?)<\/p>/s)),
    notDone: first(shown, /<p class="not-done">(.*?)<\/p>/s),
    numbers: Object.fromEntries(
      all(shown, /<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs).map(([label, value]) => [textOf(label), textOf(value)]),
    ),
    bars: Object.fromEntries(
      all(shown, /<figure[^>]*><figcaption><h2>(.*?)<\/h2>(.*?)<\/figure>/gs).map(([title, bars = ""]) => [
        textOf(title),
        all(bars, /<bdi>(.*?)<\/bdi>.*?<b>(.*?)<\/b>/gs).map(([label, value]) => [
          textOf(label),
          textOf(value),
        ]),
      ]),
    ),
    tables: all(shown, /<output[^>]*>(.*?)<\/output>.*?<table>(.*?)<\/table>/gs).map(([said, table = ""]) => {
      const columns = all(table, /<th [^>]*>(.*?)<\/th>/gs).map(([label]) => textOf(label));
      const rows = all(first(table, /<tbody>(.*?)<\/tbody>/s) ?? "", /<tr>(.*?)<\/tr>/gs);
      return {
        title: textOf(first(table, /<caption[^>]*>(.*?)<\/caption>/s)),
        columns,
        said: textOf(said),
        rows: rows.map(([row = ""]) =>
          Object.fromEntries(
            all(row, /<td[^>]*>(.*?)<\/td>/gs).map(([cell], at) => [columns[at], textOf(cell)]),
          ),
        ),
      };
    }),
    texts: all(shown, /<article><h3>(.*?)<\/h3><pre[^>]*>(.*?)<\/pre>/gs).map(([heading, text]) => ({
      heading: textOf(heading),
      text: textOf(text),
    })),
    notes: all(first(shown, /<ul class="notes"[^>]*>(.*?)<\/ul>/s) ?? "", /<li>(.*?)<\/li>/gs).map(([one]) =>
      textOf(one),
    ),
    tags: all(shown, /<(\/?[a-zA-Z!][^\s>]*)/g).map(([tag = ""]) => tag),
  };
}

export const pageOf = ({ structured, text }: Reply): SavedPage => {
  const { file } = (structured?.page ?? {}) as { file?: string };
  expect(file, text).toMatch(/\.html$/);
  return readPage(readFileSync(String(file), "utf8"));
};

export interface LookedAt {
  plain: Called;
  saved: Called;
  page: SavedPage;
}

/** The same call in two equal academies, without a page and with one: it costs no request, and the reply says the same. */
export async function withPage(make: () => Academy, [name, args]: Job, options: AcademyOptions = {}) {
  const plain = await callIn(make(), [name, args], options);
  const academy = make();
  const saved = await callIn(academy, [name, { ...args, save: "page" }], options);
  const asked = ({ sent }: Called) => sent.map(({ route, form }) => `${route} ${form}`);
  expect(asked(saved)).toEqual(asked(plain));
  expect(withoutFiles(saved.text).startsWith(withoutFiles(plain.text)), saved.text).toBe(true);
  expect(saved.text).toMatch(
    /\nA page to look at and print, kept for 7 days, on this computer: \/\S+\.html;/,
  );
  expect(plain.structured).not.toHaveProperty("page");
  return { academy, plain, saved, page: pageOf(saved) };
}

/** Each academy has a folder of its own, and each cursor a seal. */
const withoutFiles = (text: string) =>
  text.replace(/\/\S+\.(?:csv|txt|html)|cursor \S+/g, "").replace(/[a-z]+-\d{2}\b/g, "plan");

export const showsApps = {
  extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } },
} satisfies AcademyOptions;

/** What a host that shows apps is given beside the text. */
export async function boardOf(academy: Academy, [name, args]: Job, options: AcademyOptions = {}) {
  const server = await academy.open(undefined, { ...options, ...showsApps });
  const result = await server.client.callTool({ name, arguments: args });
  await server.close();
  return result._meta?.["skyprep/board"] as Board;
}

/** Nothing can be sent, opened or agreed to from a page. */
export function saysNoYes({ html, tags }: SavedPage) {
  expect(
    tags.filter((tag) => /^(?:a|form|button|select|textarea|iframe|img|link|script|object)$/i.test(tag)),
  ).toEqual([]);
  expect(html).not.toMatch(/\b(?:https?:)?\/\/(?!www\.w3\.org)[a-z]/i);
}

/** What people who attack are called. */
export const hostile = [
  `</td></table><script>alert(1)</script><img src=x onerror="alert(2)">`,
  `"><svg onload=alert(3)>{{7*7}}\${1}`,
  `=HYPERLINK("http://evil.example","pay")`,
  "safe\u202Egpj.exe\u2066\u200B",
  `Ann ${"x".repeat(10_000)}`,
] as const;

type NameOf = (n: number) => string;

/** A job's page where everything is called as people who attack are, and the same with tame names. */
export async function hostileAndTame(academyOf: (nameOf: NameOf) => Academy, [name, args]: Job) {
  const named = async (nameOf: NameOf) =>
    pageOf(await callIn(academyOf(nameOf), [name, { ...args, save: "page" }]));
  return {
    page: await named((n) => hostile[n % hostile.length] ?? ""),
    tame: await named((n) => `Tame ${n}`),
  };
}

/** Somebody called so wherever their name stands. */
export const rename = (person: object | undefined, name: string) =>
  Object.assign(person ?? {}, { first_name: name, last_name: name, display_name: name });

/** What of them must not be on a page: letters that turn others round, and whatever goes on for pages. */
export function isPlain({ html }: SavedPage) {
  expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
  expect(html).not.toMatch(/x{301}/);
  expect(html).not.toMatch(/<script>alert|<img|<svg onload/);
}
