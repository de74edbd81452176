import type { BoundedReads } from "../../academy/reads.ts";
import type { AcademyZone } from "../../academy/time-zone.ts";
import { called, calledAll, type Naming, readNames, type Thing } from "../../guard/impact/subjects.ts";
import { and, cleanText, count } from "../../text/english.ts";
import type { Session } from "./session.ts";

/** Whom and what a job's one question names: as the questions of single calls do. */
interface Person {
  readonly id?: number | undefined;
  readonly login: string;
  readonly name: string;
}

const naming = { clean: cleanText };
const thingOf = ({ id, login, name }: Person): Thing => ({
  kind: "person",
  ...(id !== undefined && { id }),
  login,
  name,
});

/** “Zoe Keller” (zoe@example.com) */
export const personCalled = (person: Person): string => called(thingOf(person), naming);

const mostNamed = 3;

/** Up to three by name; of more, how many. */
export const peopleCalled = (people: readonly Person[]): string =>
  people.length > mostNamed ? count(people.length, "person", "people") : and(people.map(personCalled));

/** The courses “A” (201) and “B” (202) and the group “C” (301): a kind after the other; of many, how many. */
export const targetsCalled = (targets: readonly Thing[], by: Naming = naming): string =>
  and(
    [...new Set(targets.map(({ kind }) => kind))].map((kind) =>
      calledAll(
        targets.filter((one) => one.kind === kind),
        by,
      ),
    ),
  );

/** The session “Onboarding Workshop” (511) of 1 Dec 2026 at 09:00, in the academy's zone. */
export const sessionCalled = ({ id, name, starts }: Session, zone: AcademyZone): string =>
  called({ kind: "session", id, name, at: starts }, { ...naming, zone: zone.known()?.zone });

/** What the journal says a change was about, kind by kind; names that it does not keep are read. */
export async function thingsCalled(things: readonly Thing[], look: BoundedReads): Promise<string> {
  const all = things.map((one) => (one.kind === "timeslot" ? { ...one, kind: "session" } : one));
  // A record is told by whose it is and in what, where that is known.
  const told = all.filter(({ kind }) =>
    ["person", "course", "group", "learning path", "session"].includes(kind),
  );
  const shown = told.length > 0 ? told : all;
  return targetsCalled(shown, { ...naming, ...(await readNames(shown, look)) });
}
