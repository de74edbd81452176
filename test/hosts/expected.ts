import type { StepName } from "./task.ts";

/**
 * What a model has to get, in every host. That it gets the server's text word for word is held by itself (judge.ts);
 * here stand the words that matter in it. A host gets no exception here: what falls short is a fault of its row.
 */

/** How a call that is asked about came out, as seen from the wire. */
export type Outcome =
  /** Nothing was asked. */
  | "done"
  /** The reply is the question, with the page's address, and a code where there may be one. */
  | "waiting"
  /** A person said yes in the host's form, on the page, or by the code that the model passed on. */
  | "agreed"
  /** The host's form came back with a no or closed, faster than anybody reads. */
  | "answered at once";

const done: Readonly<Record<StepName, readonly RegExp[]>> = {
  read: [
    /^\[sandbox\] Person 131: Henry Patel\nemail: henry\.patel@example\.com\nrole: learner\n/,
    /\nuser_identifier: EMP-131\n/,
  ],
  people: [
    /^\[sandbox\] 302 people, 1–100\.\nid\tdisplay_name\temail\t/,
    /\n101\tAvery Learner\tavery@example\.com\tlearner\tactive\t/,
    /\n200\t/,
  ],
  file: [
    /^\[sandbox\] Report all_courses: 1706 rows, 5 columns; 5 shown\./,
    /\/exports\/sandbox\/report-all-courses-[0-9a-f]{16}\.csv/,
    /skyprep:\/\/exports\/report-all-courses-[0-9a-f]{16}/,
    /\nuser_id\tuser_email\tcourse_id\tcourse_name\tstatus\n101\tavery@example\.com\t201\tNew Hire Orientation\tin-progress\n/,
  ],
  enroll: [/^\[sandbox\] Done: Enroll a person in a course/, /\nverified: yes$/],
  many: [/^\[sandbox\] Done: Enroll many people/],
  delete: [/^\[sandbox\] Done: Delete a person/],
  remove: [/^\[sandbox\] Done: Take a person out of a group/],
};

/** A code stands behind the sentence that only the person may release it. */
const code = /only\b[^\n]*\b(?:person|their yes)[^\n]*"[A-Z0-9]{4}-[A-Z0-9]{4}"/i;
const page = /http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}/;
const waiting = (step: StepName): readonly RegExp[] => [
  /^\[sandbox\] Not done yet: /,
  page,
  ...(step === "delete" ? [/Henry Patel/, /henry\.patel@example\.com to go on/] : [code]),
];

const answeredAtOnce: readonly RegExp[] = [
  /answered at once, perhaps by the program and not by a person/,
  /\bpage\b/,
  /unattended/,
];

export const says = (step: StepName, outcome: Outcome): readonly RegExp[] =>
  outcome === "waiting" ? waiting(step) : outcome === "answered at once" ? answeredAtOnce : done[step];

/** What no model may be told in any of these rows, by us or by the host around us: nothing here went wrong. */
export const never: readonly RegExp[] = [
  /The person said no/,
  /Do not call it again/,
  /Please fix your mistakes/,
  /Error executing/i,
  /ToolException/,
  /An error occurred/i,
  /MCP error/i,
  /ZodError/,
  /skyprep\/outcome/,
];

/** Tokens of 100 people in a host, over those of the bare text. */
export const mostTokens = 1.15;

/** Words on stderr that are no warning about us or our tools. */
export const noWarning: readonly RegExp[] = [/ExperimentalWarning/, /--trace-(?:warnings|deprecation)/];
