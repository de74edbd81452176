import type { DirectoryKind } from "../academy/directory.ts";
import type { ArgumentOf, ReadToolName } from "./tool-names.ts";

/** The tool that answers a resource and how the address becomes its arguments; a tool that writes does not compile. */
export type ToolSource = {
  [T in ReadToolName]: {
    readonly tool: T;
    /** The argument that the address's variable is, and what kind of record it may name instead of a number. */
    readonly item?: { readonly argument: ArgumentOf<T>; readonly kind: DirectoryKind };
    /** Arguments taken from the address's query, under their own names. */
    readonly query?: readonly ArgumentOf<T>[];
  };
}[ReadToolName];

export interface ResourceRecord {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: ToolSource | "exports";
  /** A whole text, read in pages by `?offset=`. */
  readonly whole?: true;
  /** A second address of the same resource, with its query. */
  readonly template?: string;
}

/** By address (contract §8). One with a variable is listed as a template. */
export const resourceRecords: Readonly<Record<string, ResourceRecord>> = {
  "skyprep://account": {
    name: "account",
    title: "The account",
    description: "The academy's name, domain and counts of people, courses, groups and learning paths.",
    source: { tool: "get_program" },
  },
  "skyprep://users": {
    name: "users",
    title: "People",
    description: "The first page of the account's people; it says how many there are and how to go on.",
    source: { tool: "get_users", query: ["cursor", "search"] },
    template: "skyprep://users{?cursor,search}",
  },
  "skyprep://users/{user_id}": {
    name: "user",
    title: "A person",
    description: "One person, by number, login, employee number or part of a name.",
    source: { tool: "get_user", item: { argument: "user_id", kind: "person" } },
  },
  "skyprep://courses": {
    name: "courses",
    title: "Courses",
    description: "The first page of the account's courses; it says how many there are and how to go on.",
    source: { tool: "get_courses", query: ["cursor", "search"] },
    template: "skyprep://courses{?cursor,search}",
  },
  "skyprep://courses/{course_id}": {
    name: "course",
    title: "A course",
    description: "One course with its items, by number, code or part of its name.",
    source: { tool: "get_course", item: { argument: "course_id", kind: "course" } },
  },
  "skyprep://reports": {
    name: "reports",
    title: "Saved reports",
    description: "The reports saved in SkyPrep's Advanced Reporting.",
    source: { tool: "get_saved_advanced_reports", query: ["cursor", "search"] },
  },
  "skyprep://reports/{report_id}": {
    name: "report",
    title: "A saved report",
    description: "One saved report in full, by number or part of its name; long ones in pages.",
    source: {
      tool: "get_saved_advanced_report",
      item: { argument: "saved_advanced_report_id", kind: "report" },
    },
    whole: true,
  },
  "skyprep://exports/{export_id}": {
    name: "export",
    title: "A kept export",
    description: "A report kept on this computer, in full; long ones in pages.",
    source: "exports",
    whole: true,
  },
};
