import { join } from "node:path";

/**
 * Everything that stands in the state folder, under its own name. The only list of it: files are put there by way
 * of `placeIn`, and whoever erases a person (`skyprep-mcp journal forget`) goes through all of it.
 */
export const statePlaces = {
  journal: "journal",
  exports: "exports",
  jobs: "jobs",
  /** Questions that a code can answer in another process, for ten minutes; a folder for each account. */
  approvals: "approvals",
  /** How many calls were made under each policy, of all processes; a file for each. */
  policies: "policies",
  /** What each run came to. */
  runs: "runs",
  /** What a probe saw of each account's answers; a file for each. */
  capabilities: "capabilities",
  /** What daily use met otherwise than assumed; a file for each account. */
  sightings: "sightings",
  /** What a probe made and has not removed yet. */
  probe: "probe-left.json",
  pace: "pace.json",
  pins: "pins.json",
  /** Sign-ins on a team's pages that were ended before their time; a file for each. */
  signedOut: "signed-out",
  /** Texts of letters that people put there themselves; nothing of ours is written in it. */
  templates: "templates",
  /** Of a later version that changes what shows in none of the others; this one writes none. */
  state: "state.json",
} as const;

export const placeIn = (stateFolder: string, place: keyof typeof statePlaces, ...inside: string[]): string =>
  join(stateFolder, statePlaces[place], ...inside);
