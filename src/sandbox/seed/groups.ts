import { day } from "../model/calendar.ts";
import type { Group } from "../model/tables.ts";
import type { Seeded } from "./people.ts";

type GroupSeed = Pick<Group, "id" | "name" | "description"> &
  Partial<Group> & { of: number[]; through?: number[] };

const plan: readonly GroupSeed[] = [
  {
    id: 301,
    name: "Sales Team",
    description: "Learners in the sales department.",
    of: [201, 202],
    through: [402],
  },
  { id: 302, name: "West Region", description: "Sales, west of the river.", parent_id: 301, of: [216] },
  { id: 303, name: "Customer Support", description: "Everyone who answers customers.", of: [201, 219, 206] },
  { id: 304, name: "Engineering", description: "Builders and testers.", of: [201, 206, 227] },
  { id: 305, name: "Operations", description: "Warehouse and logistics.", of: [201, 231], through: [404] },
  { id: 306, name: "Finance", description: "Accounts and payroll.", of: [201, 234, 235] },
  { id: 307, name: "Human Resources", description: "People team.", of: [201, 205, 237] },
  {
    id: 308,
    name: "People Managers",
    description: "Everyone who leads a team.",
    category: "Role",
    of: [],
    through: [403],
  },
  { id: 309, name: "Contractors", description: "External staff.", category: null, of: [202, 203] },
  {
    id: 402,
    name: "New Hire Learning Path",
    description: "The first weeks.",
    of: [201, 202, 203, 205],
    force_order: true,
  },
  { id: 403, name: "Leadership Path", description: "For those who lead.", of: [222, 223, 225] },
  { id: 404, name: "Safety Certification Path", description: "Working safely on the floor.", of: [202, 211] },
  { id: 405, name: "Sales Excellence Path", description: "From good to great.", of: [214, 215, 218] },
  { id: 406, name: "Data Protection Path", description: "Privacy and security.", of: [205, 206, 207] },
  { id: 407, name: "Engineering Onboarding Path", description: "Ship in week one.", of: [228, 229] },
];

/** Groups and paths with their courses and with the members the departments give. */
export function seedGroups(now: number, staff: readonly Seeded[]): Group[] {
  const groups = plan.map(({ of, through = [], ...given }): Group => {
    const path = given.id >= 400;
    return {
      type: path ? "learning_path" : "user",
      category: path ? "Onboarding" : "Department",
      force_order: false,
      parent_id: null,
      members: new Set(),
      courses: new Set(of),
      paths: new Set(through),
      created_at: now - 700 * day,
      updated_at: now - 20 * day,
      ...given,
    };
  });
  const byId = new Map(groups.map((group) => [group.id, group]));
  const join = (group: number, person: number) => byId.get(group)?.members.add(person);
  for (const { person, department, random } of staff) {
    join(department.group, person.id);
    const west = department.group === 301 && random.chance(0.3);
    if (person.id === 101 || (west && person.id !== 102)) join(302, person.id);
    if (person.role === "manager") join(308, person.id);
    if (person.id > 106 && person.id <= 130) join(random.pick([405, 406, 407]), person.id);
  }
  return groups;
}
