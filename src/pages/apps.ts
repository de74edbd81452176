import type { Board } from "./board.ts";

/** What a host that shows apps (MCP Apps) is told of one of ours. */
export interface AppRecord {
  /** Of its page; the same in every tool whose replies it shows. */
  readonly address: `ui://skyprep/${string}`;
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** An app for each kind of board that is looked at in a chat. The pages are one and the same: a board says what it is. */
export const apps = {
  training: {
    address: "ui://skyprep/board",
    name: "board",
    title: "Training board",
    description: "Shows what training_status found: numbers, bars, people.",
  },
  roster: {
    address: "ui://skyprep/roster",
    name: "roster",
    title: "Session roster",
    description: "Shows who is registered for a session.",
  },
  access: {
    address: "ui://skyprep/access",
    name: "access",
    title: "Who may do what",
    description: "Shows who may do more than learn, and what is to be looked at.",
  },
  letters: {
    address: "ui://skyprep/letters",
    name: "letters",
    title: "Reminders to managers",
    description: "Shows the letters to managers and whom they are about; it sends nothing.",
  },
  plan: {
    address: "ui://skyprep/plan",
    name: "plan",
    title: "Plan",
    description: "Shows what a plan would do, and what became of it; it applies nothing.",
  },
} as const satisfies Record<Board["kind"], AppRecord>;

/** The address of the app that shows such a board; undefined: there is no board. */
export const appOf = (kind: Board["kind"] | undefined): AppRecord["address"] | undefined =>
  kind && apps[kind].address;
