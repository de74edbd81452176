const words = (text: string) => text.trim().split(/\s+/);

export const firstNames = words(`
  Amara Noah Priya Liam Sofia Ethan Mei Lucas Fatima Owen Chloe Mateo Aisha Jack Elena Samuel Hana Daniel
  Grace Omar Ruby Felix Nadia Leo Isla Marcus Zoe Ivan Layla Hugo Clara Ravi Maya Simon Nora Diego Alice
  Tomas Ines Victor Leila Arthur June Kenji Rosa Peter Yara Henry Linh Gabriel Tessa Andre Freya Malik Wendy
  Oscar Paula Dmitri Holly Theo
`);

export const lastNames = words(`
  Okafor Bennett Sharma Walsh Rossi Carter Chen Silva Hassan Murphy Dubois Herrera Khan Sullivan Petrova Brooks
  Tanaka Weber Coleman Farouk Foster Lindgren Haddad Novak Campbell Price Moreau Volkov Aziz Jensen Keller Patel
  Nguyen Fischer Olsen Ramirez Barnes Kovacs Santos Meyer Rahman Hughes Park Sato Delgado Grant Saleh Ward Tran
  Costa Reid Laurent Larsen Johnson Clarke Romero Vargas Sokolov Perry Lang Baker Mensah Quinn Ortiz Fraser
  Gupta Hayes Ibrahim Jacobs Kaur
`);

export interface Department {
  group: number;
  name: string;
  /** Share of the staff, in percent. */
  share: number;
  titles: readonly string[];
}

export const departments: readonly Department[] = [
  {
    group: 301,
    name: "Sales",
    share: 18,
    titles: ["Account Executive", "Sales Associate", "Customer Success Associate"],
  },
  {
    group: 303,
    name: "Customer Support",
    share: 20,
    titles: ["Support Specialist", "Support Engineer", "Team Lead"],
  },
  {
    group: 304,
    name: "Engineering",
    share: 20,
    titles: ["Software Engineer", "QA Analyst", "Product Designer"],
  },
  {
    group: 305,
    name: "Operations",
    share: 22,
    titles: ["Warehouse Associate", "Shift Lead", "Logistics Planner"],
  },
  {
    group: 306,
    name: "Finance",
    share: 8,
    titles: ["Accountant", "Payroll Specialist", "Financial Analyst"],
  },
  { group: 307, name: "Human Resources", share: 6, titles: ["HR Generalist", "Recruiter"] },
  { group: 309, name: "Contractors", share: 6, titles: ["Contractor", "Consultant"] },
];

export interface Place {
  region: string;
  country: string;
  state: string | null;
  city: string;
  zip: string;
  time_zone: string;
}

export const places: readonly Place[] = [
  {
    region: "North America",
    country: "US",
    state: "NY",
    city: "New York",
    zip: "10001",
    time_zone: "Eastern Time (US & Canada)",
  },
  {
    region: "North America",
    country: "US",
    state: "MA",
    city: "Boston",
    zip: "02108",
    time_zone: "Eastern Time (US & Canada)",
  },
  {
    region: "North America",
    country: "US",
    state: "CA",
    city: "Oakland",
    zip: "94607",
    time_zone: "Pacific Time (US & Canada)",
  },
  {
    region: "North America",
    country: "CA",
    state: "ON",
    city: "Toronto",
    zip: "M5H 2N2",
    time_zone: "Eastern Time (US & Canada)",
  },
  { region: "Europe", country: "IE", state: null, city: "Dublin", zip: "D02", time_zone: "Dublin" },
  { region: "Europe", country: "DE", state: null, city: "Hamburg", zip: "20095", time_zone: "Berlin" },
  {
    region: "Asia Pacific",
    country: "SG",
    state: null,
    city: "Singapore",
    zip: "018956",
    time_zone: "Singapore",
  },
];
