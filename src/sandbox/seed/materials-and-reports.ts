import { day, hour } from "../model/calendar.ts";
import type { CatalogEntry, Material, Payment, QueueItem, SavedReport } from "../model/office.ts";
import type { Course, Tables } from "../model/tables.ts";
import { byId } from "./by-id.ts";

const kinds = [
  ["pdf", "PDF Document"],
  ["pptx", "PowerPoint Presentation"],
  ["mp4", "Video"],
] as const;

/** 1401 and 1402 are the page's; each course from 202 on has its own guide. */
function materials(now: number, courses: ReadonlyMap<number, Course>): Material[] {
  return Array.from({ length: 21 }, (_, n) => {
    const course = courses.get(201 + n);
    const [file_extension, descriptive_extension] = n < 2 ? kinds[0] : (kinds[n % 3] ?? kinds[0]);
    const name = ["Welcome Guide", "Safety Checklist"][n] ?? `${course?.name} Guide`;
    return {
      id: 1401 + n,
      name: `${name}.${file_extension}`,
      file_extension,
      descriptive_extension,
      page_count: file_extension === "mp4" ? null : 12 + n,
      category: course?.category ?? null,
      version_code: "v1",
      created_at: now - (300 - n) * day,
      updated_at: now - (100 - n) * day,
    };
  });
}

const sales: readonly [
  Payment["payment_type"],
  status: string,
  amount: string,
  person: number,
  daysAgo: number,
][] = [
  ["stripe", "complete", "99.00", 101, 2],
  ["stripe", "complete", "49.00", 102, 6],
  ["paypal", "complete", "49.00", 115, 1],
  ["paypal", "pending", "99.00", 131, 1],
  ["stripe", "refunded", "49.00", 140, 20],
  ["stripe", "complete", "99.00", 166, 45],
];

function payments(now: number): Payment[] {
  return sales.map(([payment_type, status, amount, user_id, daysAgo], n) => ({
    id: 1501 + n,
    payment_type,
    status,
    transaction_number: `${payment_type === "stripe" ? "pi" : "PAY"}_${String(n + 1).padStart(12, "0")}`,
    amount,
    user_id,
    created_at: now - daysAgo * day - hour,
  }));
}

const entry = (kind: CatalogEntry["kind"], id: number, groups: number[] = []): [string, CatalogEntry] => [
  `${kind}:${id}`,
  { kind, id, user_group_ids: new Set(groups) },
];

const catalog = () =>
  new Map([
    entry("course", 216, [301]),
    entry("course", 224),
    entry("course", 232, [305]),
    entry("course", 239),
    entry("course", 240),
    entry("course", 241),
    entry("learning_path", 403, [308]),
    entry("learning_path", 405, [301, 302]),
  ]);

function savedReports(now: number): SavedReport[] {
  const dates = { created_at: now - 200 * day, updated_at: now - 5 * hour };
  return [
    {
      id: 1001,
      name: "All Course Progresses Report",
      type: "saved_report_with_data",
      of: "progress",
      ...dates,
    },
    { id: 1002, name: "All Users Report", type: "saved_report_with_data", of: "users", ...dates },
    {
      id: 1003,
      name: "Quarterly Compliance Template",
      type: "saved_report",
      of: "progress",
      ...dates,
      updated_at: now - 90 * day,
    },
  ];
}

/** Asked for yesterday: long done. */
function queue(now: number): QueueItem[] {
  return [
    { id: 1001, report_type: "all_users", format: "csv", parameters: {}, polls: 2, created_at: now - day },
  ];
}

/** Materials, the catalog and what was paid for, reports saved and asked for; keys that nobody has made yet. */
type MaterialsAndReports = Pick<
  Tables,
  "materials" | "payments" | "catalog" | "savedReports" | "queue" | "courseKeys" | "loginKeys"
>;

export function seedMaterialsAndReports(
  now: number,
  has: (person: number) => boolean,
  courses: ReadonlyMap<number, Course>,
): MaterialsAndReports {
  return {
    materials: byId(materials(now, courses)),
    payments: byId(payments(now).filter(({ user_id }) => has(user_id))),
    catalog: catalog(),
    savedReports: byId(savedReports(now)),
    queue: byId(queue(now)),
    courseKeys: new Map(),
    loginKeys: new Map(),
  };
}
