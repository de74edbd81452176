/**
 * What is assumed of SkyPrep and was never seen on a live account. Each has a name, so that the code that leans on
 * one, the pretend academy that can be otherwise, the probe that looks, and the list of open questions in
 * docs/skyprep-api.md all speak of the same.
 */
export interface Assumption {
  /** What is assumed, as one sentence. */
  readonly says: string;
  /** Where it comes from: a section of docs/skyprep-api.md. */
  readonly source: string;
  /**
   * How sure it is. `page`: SkyPrep's API page says or shows it. `client`: a public client does so. `inferred`: it is
   * reasoned. `open`: nobody knows, and nothing of ours may need it.
   */
  readonly sure: "page" | "client" | "inferred" | "open";
  /** What of ours leans on it: names of operations and jobs, or `parts` of the server; none: nothing does. */
  readonly needs: readonly string[];
  /** How it would show where it is otherwise. */
  readonly shows: string;
  /** What else it may be: each is a switch of the pretend academy. Name → how that academy behaves. */
  readonly otherwise: Readonly<Record<string, string>>;
  /** What `skyprep-mcp probe` needs to find out; left out: it cannot. */
  readonly probe?: "reads" | "writes";
}

/** What may lean on an assumption and is neither an operation nor a job. */
export const parts = [
  "every list",
  "every read",
  "every write",
  "every call",
  "guard",
  "jobs",
  "retry",
  "redaction",
  "settings",
] as const;

/** In the order of an answer's way: values, records, lists, filters, absence, errors, writes, limits. */
export const assumptions = {
  "ids-are-numbers": {
    says: "Ids are numbers.",
    source: "§4, 4",
    sure: "page",
    needs: ["every list", "guard", "jobs"],
    shows: 'an id that is a text of digits: "101"',
    otherwise: { text: "every id is a text of digits" },
    probe: "reads",
  },
  "flags-are-booleans": {
    says: "What is yes or no comes as true or false.",
    source: "§3.3",
    sure: "page",
    needs: ["access_review", "guard", "get_manager_permissions_from_user_group"],
    shows: 'a flag that is 0, 1, "true" or "false"',
    otherwise: { digits: "flags are 0 and 1", text: 'flags are "true" and "false"' },
    probe: "reads",
  },
  "nothing-is-null": {
    says: "A field without a value is null.",
    source: "§3.4",
    sure: "page",
    needs: ["training_status", "guard", "undo_change"],
    shows: "a field that is empty text, or not there at all",
    otherwise: { empty: 'a field without a value is ""', missing: "a field without a value is left out" },
    probe: "reads",
  },
  "dates-are-iso": {
    says: "Dates are ISO-8601 with the academy's offset.",
    source: "§3.4",
    sure: "page",
    needs: ["training_status", "session_roster", "undo_change", "guard"],
    shows: "a date in another form, or one without an offset",
    otherwise: {
      days: "dates are days: 2026-05-01",
      american: "dates are 05/01/2026",
      epoch: "dates are seconds since 1970, as numbers",
      zoneless: "dates have a time and no offset: 2026-05-01T09:00:00",
      utc: "dates are in UTC, with Z",
    },
    probe: "reads",
  },
  "statuses-as-on-the-page": {
    says: "Statuses are spelt as on the page: not-started, in-progress, passed, failed, not-applicable, archived.",
    source: "§3.4",
    sure: "page",
    needs: ["training_status", "get_course_progresses", "get_user_course_status", "session_roster"],
    shows: "another spelling: In Progress, in_progress, incomplete",
    otherwise: {
      capitalised: "statuses are In-progress, Not-started, Passed; a filter knows only these",
      words: "statuses are In Progress, Not Started, Passed",
      underscores: "statuses are in_progress, not_started",
      synonyms: "in-progress is incomplete, passed is completed",
    },
    probe: "reads",
  },
  "fields-as-on-the-page": {
    says: "Records have the fields of the page's samples; what else they have does not matter.",
    source: "appendix A",
    sure: "page",
    needs: ["every list"],
    shows: "fields that no sample has",
    otherwise: { more: "every record has further fields that nobody knows, some of them lists and records" },
    probe: "reads",
  },
  "records-are-bare": {
    says: "A record comes bare: only update_user puts it under a key.",
    source: "§3.2, §4, 8",
    sure: "page",
    needs: ["every read", "guard", "jobs"],
    shows: "a record under one key, or alone in a list",
    otherwise: {
      wrapped: "a record stands under its name: {user: {…}}, {user_course_status: {…}}",
      data: "a record stands under data: {data: {…}}",
      listed: "a record comes as a list of one",
    },
    probe: "reads",
  },
  "lists-are-bare": {
    says: "A list comes bare, as a list even where it has one row or none.",
    source: "§4, 3 and 7",
    sure: "page",
    needs: ["every list", "guard", "jobs"],
    shows: "a list under a key, or one object where a list is meant",
    otherwise: {
      wrapped: "a list stands under its name: {users: […], meta: {…}}",
      data: "a list stands under data: {data: […]}",
      single: "a list of one row comes as that row, within records too",
      keyed: "a list without rows comes as {}, within records too",
    },
    probe: "reads",
  },
  "group-shows-its-members": {
    says: "A group and a learning path list their members and courses as records.",
    source: "§1.6",
    sure: "page",
    needs: ["get_user_group", "training_status", "guard"],
    shows: "members as ids alone",
    otherwise: { ids: "the members, courses and paths it shows are ids alone: {users: [101, 102]}" },
    probe: "reads",
  },
  "people-come-whole": {
    says: "get_users without parameters brings everybody.",
    source: "§3.5",
    sure: "page",
    needs: [
      "get_users",
      "find",
      "plan_enrollment",
      "plan_roster",
      "access_review",
      "onboard_person",
      "guard",
    ],
    shows: "a round number of people, and others on page 2",
    otherwise: {
      "by-25":
        "pages of 25 by page from 1 (or offset), or of per_page or limit rows up to 100, without a total",
      "by-100": "pages of 100 by page from 1 (or offset), or of per_page or limit rows, without a total",
      "by-25-of": "pages of 25 with the total beside them: {users: […], page: 1, per_page: 25, total: 302}",
      "by-100-of":
        "pages of 100 with the total beside them: {users: […], page: 1, per_page: 100, total: 302}",
    },
    probe: "reads",
  },
  "other-lists-come-whole": {
    says: "Courses, groups, paths and the other lists without parameters come whole.",
    source: "§3.5",
    sure: "page",
    needs: ["get_courses", "get_user_groups", "get_learning_paths", "guard", "find"],
    shows: "a round number of rows, and others on page 2",
    otherwise: {
      "by-25":
        "every list but those of people and training records comes in pages of 25, or of per_page rows up to 100, without a total",
    },
    probe: "reads",
  },
  "progress-pages": {
    says: "Pages of training records count from 1 and have as many rows as asked for, up to 100.",
    source: "§3.5",
    sure: "page",
    needs: ["get_course_progresses", "training_status", "guard"],
    shows:
      "fewer rows than asked for though more follow, the same page again, or a first page that is the second",
    otherwise: {
      "page-ignored": "every page is the first, of as many rows as asked for",
      capped: "a page has at most 50 rows, whatever is asked for",
      "from-zero": "pages count from 0",
    },
    probe: "reads",
  },
  "filters-filter": {
    says: "A filter that a list takes leaves out all other rows, and several leave out what misses any of them.",
    source: "§2, §6",
    sure: "client",
    needs: ["get_users", "get_course_progresses", "get_payments", "training_status"],
    shows: "rows that a filter should have left out, or a refusal of the filter",
    otherwise: {
      ignored: "filters are ignored, those of the page too",
      refused: "a list with a filter that the page does not name is refused with 422",
      "any-of": "of several filters one is enough",
    },
    probe: "reads",
  },
  "archived-are-listed": {
    says: "Archived training records are listed with the others.",
    source: "§4.1",
    sure: "inferred",
    needs: ["training_status", "guard", "merge_people", "undo_change"],
    shows: "no archived record on any page",
    otherwise: { "left-out": "archived records are listed only where that status is asked for" },
    probe: "reads",
  },
  "deleted-are-gone": {
    says: "Whoever was deleted is in no list.",
    source: "§1.3",
    sure: "inferred",
    needs: ["destroy_user", "get_users", "undo_change"],
    shows: "somebody in a list whom get_user does not find",
    otherwise: {
      listed: "deleted people are still listed, with a deleted_at, and get_user does not find them",
    },
    probe: "writes",
  },
  "unknown-is-404": {
    says: "Whoever asks for somebody or something that is not there gets a 404.",
    source: "§3.2",
    sure: "open",
    needs: ["onboard_person", "plan_enrollment", "guard", "undo_change"],
    shows: "another answer to a login that nobody has",
    otherwise: {
      "says-error": 'an unknown one, of any kind, is 200 {"message":"error"}',
      page: "an unknown one is a 404 with a web page",
      unprocessable: "an unknown one is a 422",
      "empty-list": "an unknown one is an empty list",
      owner: "get_user brings the account's owner for an unknown login; all else unknown is a 404",
      nothing: "an unknown one is null",
    },
    probe: "reads",
  },
  "errors-are-text": {
    says: "What goes wrong comes with a bad status, and a sentence as text.",
    source: "§3.2",
    sure: "open",
    needs: ["every call"],
    shows: "a good status with an error inside, or an error as JSON or a web page",
    otherwise: {
      error: "errors are {error: …}, on the bad status",
      errors: "errors are {errors: […]}, on the bad status",
      "error-message": "errors are {error_message: …} on 200",
      "on-200": "errors are {error: …} on 200",
      "page-on-200": "errors are a web page on 200",
    },
    probe: "reads",
  },
  "writes-answer": {
    says: "A write is answered with its record, or with success.",
    source: "§3.2",
    sure: "page",
    needs: ["every write"],
    shows: "no body, or 204",
    otherwise: {
      "204": "writes are answered with 204 and nothing; keys, links and reports still come",
      empty: "writes are answered with 200 and nothing; keys, links and reports still come",
    },
    probe: "writes",
  },
  "writes-show-at-once": {
    says: "What was written is seen by the next read.",
    source: "§3.2",
    sure: "inferred",
    needs: ["every write", "apply_plan", "undo_change", "onboard_person"],
    shows: "a read right after a write that still shows what was before",
    otherwise: { later: "reads show a write 3 seconds later" },
    probe: "writes",
  },
  "logins-keep-their-case": {
    says: "A login is kept as it was written.",
    source: "§1.3",
    sure: "inferred",
    needs: ["create_user", "plan_roster"],
    shows: "a login in small letters that was written with capitals",
    otherwise: { lowered: "logins are kept in small letters, whatever is sent" },
    probe: "writes",
  },
  "lists-by-comma": {
    says: "Several values are one text with commas, with or without blanks.",
    source: "§3.3",
    sure: "page",
    needs: ["mass_enroll", "enroll_user_in_courses", "create_user_group", "create_learning_path"],
    shows: "a list of several values that is refused, or read as one",
    otherwise: {
      "no-blanks": "a blank after a comma is refused with 422",
      blanks: "values are apart only by a comma and a blank: of 1,2 the 1 is read",
      brackets: "several values are read only as name[]=1&name[]=2; a text with commas goes unheard",
    },
    probe: "writes",
  },
  "limit-is-429": {
    says: "Over the limit the answer is 429, with the seconds to wait.",
    source: "§3.2",
    sure: "inferred",
    needs: ["every call"],
    shows: "another status, or words about a limit",
    otherwise: {
      "without-retry-after": "over the limit: 429 and no Retry-After",
      "503": "over the limit: 503 and a sentence about the limit",
      page: "over the limit: a web page about it, on 200",
      words: 'over the limit: 200 {"message":"Rate limit exceeded"}',
    },
  },
  "address-is-final": {
    says: "The API answers at its address, without sending anybody elsewhere.",
    source: "§3.3",
    sure: "client",
    needs: ["every call"],
    shows: "a redirect",
    otherwise: { https: "http is sent on to https with 301" },
    probe: "reads",
  },
  "key-opens-all": {
    says: "The key may call every route.",
    source: "§3.1",
    sure: "open",
    needs: ["every call"],
    shows: "a 403 of some routes while others answer",
    otherwise: {
      "some-403": "power users, payments and reports are a 403; all else answers",
      "some-401": "power users, payments and reports are a 401; all else answers",
    },
    probe: "reads",
  },
} as const satisfies Record<string, Assumption>;

export type AssumptionId = keyof typeof assumptions;

/** How one assumption may be otherwise. */
export type VariantOf<Id extends AssumptionId> = keyof (typeof assumptions)[Id]["otherwise"] & string;

/** Which of its assumptions an academy breaks, and how. */
export type Dialect = Partial<{ [Id in AssumptionId]: VariantOf<Id> }>;
