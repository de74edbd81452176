import { day } from "../model/calendar.ts";
import { fakeKey } from "../model/fake-key.ts";
import type { Course, CourseItem } from "../model/tables.ts";

/** name | code | category | days to do it | days it holds | minutes */
const plan = `
New Hire Orientation | ONB-101 | Onboarding | 14 | - | 60
Workplace Safety Basics | SAFE-101 | Safety | 30 | 365 | 45
Code of Conduct | COM-101 | Compliance | 30 | 365 | 40
Anti-Harassment Training | COM-102 | Compliance | 30 | 365 | 50
Data Privacy Essentials | COM-110 | Compliance | 45 | 365 | 35
Information Security Awareness | SEC-101 | Security | 30 | 180 | 30
Phishing and Social Engineering | SEC-102 | Security | 21 | 180 | 20
Password and Device Hygiene | SEC-103 | Security | 30 | - | 15
Fire Safety and Evacuation | SAFE-110 | Safety | 30 | 365 | 25
First Aid Basics | SAFE-120 | Safety | 60 | 365 | 120
Forklift Operation | SAFE-130 | Safety | 45 | 365 | 180
Hazardous Materials Handling | SAFE-140 | Safety | 45 | 180 | 90
Manual Handling and Ergonomics | SAFE-150 | Safety | 60 | - | 30
Consultative Selling | SAL-201 | Sales | 60 | - | 90
Negotiation Skills | SAL-202 | Sales | 60 | - | 75
CRM Fundamentals | SAL-101 | Sales | 30 | - | 60
Product Knowledge: Core | PRD-101 | Product | 30 | - | 60
Product Knowledge: Advanced | PRD-201 | Product | 60 | - | 90
Handling Difficult Customers | SUP-201 | Customer Service | 45 | - | 50
Support Desk Tools | SUP-101 | Customer Service | 21 | - | 40
Writing for Customers | SUP-102 | Customer Service | 45 | - | 35
Leading Teams | LEAD-201 | Leadership | 60 | - | 120
Coaching and Feedback | LEAD-202 | Leadership | 60 | - | 80
Running Effective Meetings | LEAD-110 | Leadership | - | - | 30
Hiring and Interviewing | LEAD-210 | Leadership | 60 | 365 | 60
Managing Performance | LEAD-220 | Leadership | 60 | - | 75
Secure Coding Practices | ENG-201 | Engineering | 45 | 365 | 90
Git and Code Review | ENG-101 | Engineering | 30 | - | 60
Incident Response | ENG-210 | Engineering | 30 | 180 | 60
Accessibility for Designers | ENG-130 | Engineering | - | - | 45
Warehouse Operations | OPS-101 | Operations | 30 | - | 75
Lean Basics | OPS-120 | Operations | - | - | 60
Quality Control | OPS-201 | Operations | 45 | 365 | 60
Expense Policy | FIN-101 | Finance | 30 | 365 | 20
Anti-Money Laundering | FIN-201 | Finance | 30 | 365 | 60
Financial Reporting | FIN-210 | Finance | 60 | - | 90
Recruiting Essentials | HR-101 | Human Resources | 45 | - | 45
Benefits and Leave | HR-110 | Human Resources | - | - | 25
Time Management | GEN-101 | Personal Development | - | - | 40
Public Speaking | GEN-120 | Personal Development | - | - | 60
Spreadsheet Skills | GEN-130 | - | - | - | 90
Data Privacy Essentials (2023) | COM-110 | Compliance | 45 | 365 | 35
`;

const inactive = new Set([238, 242]);
const forSale = new Set([210, 239, 240]);

const descriptions: Record<number, string> = {
  201: "Overview of company policies and onboarding tasks.",
  202: "Required safety training for new employees.",
  205: "<p>What personal data is, and how we keep it&nbsp;safe.</p><ul><li>Consent &amp; purpose</li><li>Requests</li></ul>",
  227: "<p>The ten mistakes behind most breaches &ndash; and how to avoid them.</p>",
};

function parse(cell: string): number | null {
  return cell === "-" ? null : Number(cell);
}

function itemsOf(course: number, name: string, first: number): CourseItem[] {
  if (course === 201)
    return [
      {
        id: 211,
        item_type: "Article",
        name: "Welcome Guide",
        position: 1,
        mandatory: true,
        article_id: 311,
        exam_id: null,
      },
      {
        id: 212,
        item_type: "Exam",
        name: "Orientation Quiz",
        position: 2,
        mandatory: true,
        article_id: 311,
        exam_id: 312,
      },
    ];
  const material = course <= 221 ? 1200 + course : null;
  const items: Omit<CourseItem, "id" | "position">[] = [
    { item_type: "Article", name: `${name} Guide`, mandatory: true, article_id: material, exam_id: null },
  ];
  if (course % 3 !== 0)
    items.push({
      item_type: "Article",
      name: "In Practice",
      mandatory: course % 2 === 0,
      article_id: null,
      exam_id: null,
    });
  if (course % 7 !== 0)
    items.push({
      item_type: "Exam",
      name: `${name} Quiz`,
      mandatory: true,
      article_id: null,
      exam_id: 2000 + course,
    });
  return items.map((item, n) => ({ id: first + n, position: n + 1, ...item }));
}

export function seedCourses(now: number): Course[] {
  let item = 211;
  return plan
    .trim()
    .split("\n")
    .map((line, n) => {
      const [name = "", code = "", category = "-", deadline = "-", validity = "-", minutes = "-"] =
        line.split(" | ");
      const id = 201 + n;
      const items = itemsOf(id, name, item);
      item += items.length;
      return {
        id,
        name,
        description: descriptions[id] ?? `${name}: what you need to know at Example Co.`,
        active: !inactive.has(id),
        category: category === "-" ? null : category,
        course_code: code,
        tags: id === 201 ? ["onboarding", "required"] : validity === "-" ? [] : ["required"],
        deadline_days: parse(deadline),
        validity_days: parse(validity),
        minutes: parse(minutes),
        force_order: id % 5 === 0,
        sell: forSale.has(id),
        subscribe_key: fakeKey("subscribe", id),
        custom: {},
        items,
        created_at: now - (900 - n * 9) * day,
        updated_at: now - (30 + n * 3) * day,
      };
    });
}
