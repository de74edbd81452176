import { isRecord } from "../../../skyprep/normalize/is-record.ts";
import { errorForm, isGood, type RawAnswer, recordOf, rowsOf, textIn } from "../answer.ts";
import type { Evidence, ProbeStep } from "../reads.ts";
import type { Verdicts } from "../seen.ts";

export function verdictsOfErrors(evidence: Evidence): Verdicts {
  const form = errors(evidence);
  return {
    "errors-are-text": form,
    "unknown-is-404": unknown(evidence, form),
    "address-is-final": address(evidence),
    "key-opens-all": key(evidence, form),
  };
}

/** Mistakes of ours that no academy takes for something that is not there come first. */
const mistakes: readonly ProbeStep[] = ["bad value", "mixed filters", "unknown route", "unknown number"];

function errors({ of }: Evidence): Verdicts["errors-are-text"] {
  for (const step of mistakes) {
    const answer = of(step);
    if (answer.status === 401 || answer.status === 403 || (answer.status >= 300 && answer.status < 400))
      continue;
    const form = errorForm(answer);
    if (form === undefined) continue;
    const good = isGood(answer);
    switch (form) {
      case "text":
        return good ? "otherwise" : "holds";
      case "page":
        if (good) return "page-on-200";
        continue;
      case "error":
        return good ? "on-200" : "error";
      case "errors":
        return good ? "otherwise" : "errors";
      case "error_message":
        return good ? "error-message" : "otherwise";
      default:
        // What an unknown one is answered with tells nothing of other errors.
        if (step === "unknown number") continue;
        return "otherwise";
    }
  }
  return undefined;
}

function unknown(
  { of, about }: Evidence,
  errorsAre: Verdicts["errors-are-text"],
): Verdicts["unknown-is-404"] {
  const answer = of("unknown login");
  if (answer.is === "none" || answer.status === 401 || answer.status === 403) return undefined;
  const { status } = answer;
  if (status === 404) return answer.is === "page" ? "page" : "holds";
  if (status === 422) return "unprocessable";
  if (!isGood(answer)) return status >= 300 && status < 400 ? undefined : "otherwise";
  if (answer.is === "empty" || (answer.is === "json" && isNothing(answer.value))) return "nothing";
  const form = errorForm(answer);
  if (form === "message") return "says-error";
  // Every error comes so: which status it would have is not to be seen.
  if (form !== undefined) return isUsual(form, errorsAre) ? undefined : "otherwise";
  if (rowsOf(answer)?.rows.length === 0) return "empty-list";
  const person = recordOf(answer)?.record;
  if (person === undefined) return "otherwise";
  const login = textIn(person, "email");
  return login !== undefined && login.toLowerCase() !== about.unknownLogin ? "owner" : "otherwise";
}

/** Also under a key. */
const isNothing = (value: unknown): boolean =>
  value === null || (isRecord(value) && Object.keys(value).length === 1 && Object.values(value)[0] === null);

const isUsual = (form: string, errorsAre: Verdicts["errors-are-text"]): boolean =>
  (form === "page" && errorsAre === "page-on-200") ||
  (form === "error" && errorsAre === "on-200") ||
  (form === "error_message" && errorsAre === "error-message");

function address({ of, answers }: Evidence): Verdicts["address-is-final"] {
  const isMoved = ({ status }: RawAnswer) => status >= 300 && status < 400;
  if ([...answers.values()].some(({ answer }) => isMoved(answer))) return "https";
  return of("connection").is === "none" ? undefined : "holds";
}

/** Plain questions that every key that opens all may ask. */
const doors: readonly ProbeStep[] = [
  "power users",
  "payments",
  "saved reports",
  "roles",
  "datasets",
  "people",
  "courses",
  "groups",
  "progress",
  "materials",
  "trainings",
  "skills",
  "competencies",
];

/** Steps whose route the key may not call. */
export const shutDoors = ({ of }: Pick<Evidence, "of">): readonly ProbeStep[] =>
  doors.filter((step) => isShut(of(step)));

const isShut = (answer: RawAnswer): boolean =>
  answer.status === 401 || answer.status === 403 || (isGood(answer) && saysShut(answer));

function saysShut(answer: RawAnswer): boolean {
  if (errorForm(answer) === undefined || answer.is !== "json" || !isRecord(answer.value)) return false;
  return /forbidden|not (allowed|authori[sz]ed|permitted)|permission|denied|unauthori[sz]ed/i.test(
    JSON.stringify(answer.value),
  );
}

function key({ of }: Evidence, errorsAre: Verdicts["errors-are-text"]): Verdicts["key-opens-all"] {
  const asked = doors.filter((step) => of(step).is !== "none");
  if (asked.length === 0) return undefined;
  const shut = shutDoors({ of });
  if (shut.some((step) => of(step).status === 403)) return "some-403";
  if (shut.some((step) => of(step).status === 401)) return "some-401";
  // A web page in place of some lists alone.
  const pages = asked.filter((step) => of(step).is === "page" && isGood(of(step)));
  if (shut.length > 0 || (errorsAre === "page-on-200" && pages.length > 0)) return "otherwise";
  return "holds";
}
