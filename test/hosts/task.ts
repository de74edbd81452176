/** One call that the scripted model wants. */
export interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}
/** What a model got for one call. */
export interface Reply {
  readonly text: string;
  /** Told as a failure, by whatever the model's own interface has for it. */
  readonly error: boolean;
}

export type StepName = "read" | "people" | "file" | "enroll" | "many" | "delete" | "remove";
interface Step extends Call {
  readonly name: StepName;
}
/** A reply, where it belongs: `again` where the call was repeated with a code, or after an answer on the page. */
export interface Seen extends Reply {
  readonly step: StepName;
  readonly tool: string;
  readonly again: boolean;
  /** The page of the question had gone with its process before anybody could answer on it. */
  readonly unanswered: boolean;
}

/** Thirty are more than may be enrolled in an hour unasked. */
const thirty = Array.from({ length: 30 }, (_, index) => 140 + index);

/** What every host has to do, in this order. The pretend academy is made anew for each. */
export const steps: readonly Step[] = [
  { name: "read", tool: "get_user", args: { user_id: 131 } },
  { name: "people", tool: "get_users", args: { limit: 100 } },
  { name: "file", tool: "export_report", args: { report: "all_courses", limit: 5 } },
  { name: "enroll", tool: "enroll_user_in_course", args: { user_id: 101, course_id: 203 } },
  { name: "many", tool: "mass_enroll", args: { user_ids: thirty, course_ids: [203] } },
  { name: "delete", tool: "destroy_user", args: { user_id: 131 } },
  { name: "remove", tool: "remove_user_from_user_group", args: { user_id: 101, user_group_id: 301 } },
];

/** Presses the page's button for the person, with what has to be typed. False where there is no page any more. */
export type AnswerPage = (address: string, phrase: string | undefined) => Promise<boolean>;

export interface Task<S extends Reply = Seen> {
  /** The next call, once the last one's reply is there; undefined when all is done. */
  next(reply?: Reply): Promise<Call | undefined>;
  /** What the model says when all is done. */
  closing?(): string;
  readonly seen: readonly S[];
}

// Some hosts show JSON, in which quotes and line ends are escaped.
const codeIn = (text: string) => /confirm\\*"?: ?\\*"([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(text)?.[1];
const pageIn = (text: string) => /http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}/.exec(text)?.[0];
const phraseIn = (text: string) => /Type (\S+) to go on/.exec(text)?.[1];

/** A well-behaved model with a person beside it: repeats a question's call once, when the person has said yes. */
export function createTask(answerPage: AnswerPage): Task {
  const seen: Seen[] = [];
  let at = 0;
  let again = false;
  let unanswered = false;

  async function repeated(step: Step, { text }: Reply): Promise<Call | undefined> {
    // Nobody sits before a host that answers its own form: the page it is given then is for somebody else's time.
    if (text.includes("answered at once")) return undefined;
    const code = codeIn(text);
    const page = pageIn(text);
    if (code !== undefined) return { tool: step.tool, args: { ...step.args, confirm: code } };
    if (page === undefined) return undefined;
    unanswered = !(await answerPage(page, phraseIn(text)));
    return { tool: step.tool, args: step.args };
  }

  return {
    seen,
    async next(reply) {
      const step = steps[at];
      if (step === undefined) return undefined;
      if (reply === undefined) return { tool: step.tool, args: step.args };
      seen.push({ ...reply, step: step.name, tool: step.tool, again, unanswered });
      unanswered = false;
      const once = again ? undefined : await repeated(step, reply);
      again = once !== undefined;
      if (!again) at += 1;
      const then = once ?? steps[at];
      return then && { tool: then.tool, args: then.args };
    },
  };
}
