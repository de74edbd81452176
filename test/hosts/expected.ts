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

/** What has to be said, each with a name for the table. */
type Words = Readonly<Record<string, RegExp>>;

const done: Readonly<Record<StepName, Words>> = {
  read: {
    "the record": /^\[sandbox\] Person 131: Henry Patel\nemail: henry\.patel@example\.com\nrole: learner\n/,
    "all of it": /\nuser_identifier: EMP-131\n/,
  },
  people: {
    "the first line": /^\[sandbox\] 302 people, 1–100\.\nid\tdisplay_name\temail\t/,
    "the first row": /\n101\tAvery Learner\tavery@example\.com\tlearner\tactive\t/,
    "the last row": /\n200\t/,
  },
  file: {
    "the first line": /^\[sandbox\] Report all_courses: 1706 rows, 5 columns; 5 shown\./,
    "the file": /\/exports\/sandbox\/report-all-courses-[0-9a-f]{16}\.csv/,
    "the address": /skyprep:\/\/exports\/report-all-courses-[0-9a-f]{16}/,
    "the rows":
      /\nuser_id\tuser_email\tcourse_id\tcourse_name\tstatus\n101\tavery@example\.com\t201\tNew Hire Orientation\tin-progress\n/,
  },
  enroll: {
    "“Done”": /^\[sandbox\] Done: Enroll a person in a course/,
    "“verified”": /\nverified: yes/,
  },
  many: { "“Done”": /^\[sandbox\] Done: Enroll many people/ },
  delete: { "“Done”": /^\[sandbox\] Done: Delete a person/ },
  remove: { "“Done”": /^\[sandbox\] Done: Take a person out of a group/ },
};

const waiting = (step: StepName): Words => ({
  "“Not done yet”": /^\[sandbox\] Not done yet: /,
  "the page": /http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}/,
  ...(step === "delete"
    ? { "who it is": /henry\.patel@example\.com/, "what to type": /Type henry\.patel@example\.com to go on/ }
    : // A code stands behind the sentence that only the person may release it.
      { "the code": /Only the person may release it\.[^\n]*\nconfirm: "[A-Z0-9]{4}-[A-Z0-9]{4}"/ }),
});

const answeredAtOnce: Words = {
  "“answered at once”": /answered at once, perhaps by the program and not by a person/,
  "the page": /\bpage\b/,
  "“unattended”": /unattended/,
};

export const says = (step: StepName, outcome: Outcome): Words =>
  outcome === "waiting" ? waiting(step) : outcome === "answered at once" ? answeredAtOnce : done[step];

/** What no model may be told in any of these rows, by us or by the host around us: nothing here went wrong. */
export const never: readonly RegExp[] = [
  /The person said no/,
  /Do not call it again/,
  /Please fix your mistakes/,
  /Error executing/i,
  /reported tool error/i,
  /ToolException/,
  /An error occurred/i,
  /MCP error/i,
  /ZodError/,
  /skyprep\/outcome/,
];

/** Tokens of 100 people in a host, over those of the bare text. */
export const mostTokens = 1.15;

/** What a host says of tools that it does not take as they are. */
export const warning = /warn|unsupported|invalid|skipp|ignor|not supported/i;
export const aboutTools = /\btools?\b|schema|\bmcp\b|skyprep/i;
