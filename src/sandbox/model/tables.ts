import type {
  CatalogEntry,
  Competency,
  CourseKey,
  Dataset,
  LoginKey,
  Managership,
  Material,
  Payment,
  Points,
  PowerUser,
  QueueItem,
  SavedReport,
  Skill,
  SkillPoints,
  UserRole,
} from "./office.ts";

/**
 * What the pretend academy remembers. Instants are epoch milliseconds; `null` is "not set".
 * Views (`views.ts`) turn rows into the page's shapes; nothing else knows those.
 */
export type Role = "learner" | "manager" | "content_manager" | "admin";
export type LoginStatus = "active" | "inactive" | "disabled";
export type Status = "not-started" | "in-progress" | "passed" | "failed" | "not-applicable" | "archived";

export interface Person {
  id: number;
  /** The unique login, compared case-blind; need not be an address. */
  email: string;
  first_name: string;
  last_name: string;
  role: Role;
  login_status: LoginStatus;
  /** title, company, address, city, cell, ssn, gender, notification_email, user_identifier, ca_0…ca_10 … as the API spells them. */
  profile: Record<string, string | null>;
  email_notifications: boolean;
  sms_notifications: boolean;
  password: string | null;
  access_start_date: number | null;
  access_end_date: number | null;
  password_expiration_date: number | null;
  last_login: number | null;
  last_course_id: number | null;
  created_at: number;
  updated_at: number;
}

export interface CourseItem {
  id: number;
  item_type: "Article" | "Exam";
  name: string;
  position: number;
  mandatory: boolean;
  article_id: number | null;
  exam_id: number | null;
}

export interface Course {
  id: number;
  name: string;
  description: string;
  active: boolean;
  category: string | null;
  course_code: string | null;
  tags: string[];
  /** Days until an enrollment is due, and how long a pass is good for. */
  deadline_days: number | null;
  validity_days: number | null;
  minutes: number | null;
  force_order: boolean;
  sell: boolean;
  /** One-time keys die when this changes. */
  subscribe_key: string;
  custom: Record<string, string | null>;
  items: CourseItem[];
  created_at: number;
  updated_at: number;
}

/** A user group or, with `type: "learning_path"`, a learning path (skyprep-api §1.7: both are user_group rows). */
export interface Group {
  id: number;
  type: "user" | "learning_path";
  name: string;
  description: string;
  category: string | null;
  force_order: boolean;
  parent_id: number | null;
  members: Set<number>;
  courses: Set<number>;
  /** Learning paths given to a user group; empty on a path. */
  paths: Set<number>;
  created_at: number;
  updated_at: number;
}

export interface Progress {
  id: number;
  user_id: number;
  course_id: number;
  status: Status;
  percent_viewed: number;
  last_course_item_id: number | null;
  enrollment_date: number;
  commencement_date: number | null;
  completion_date: number | null;
  deadline_date: number | null;
  expiration_date: number | null;
  /** Item id → what became of it. */
  items: Map<number, { status: Status; completed_at: number | null }>;
  created_at: number;
  updated_at: number;
}

export interface Training {
  id: number;
  name: string;
  description: string;
  session_type: string;
  created_at: number;
  updated_at: number;
}

export interface Timeslot {
  id: number;
  training_id: number;
  name: string;
  description: string;
  location: string | null;
  capacity: number | null;
  display_timezone: string;
  primary_instructor_user_id: number | null;
  instructor: string | null;
  session_type: string;
  commencement_time: number;
  end_time: number;
}

export interface Registration {
  id: number;
  timeslot_id: number;
  user_id: number;
  course_progress_id: number | null;
  /** Open list; `pending` and `attended` are seen on the page. */
  status: string;
  created_at: number;
  updated_at: number;
}

export interface Tables {
  people: Map<number, Person>;
  courses: Map<number, Course>;
  /** User groups and learning paths, one id space. */
  groups: Map<number, Group>;
  /** Courses a person was put in directly: user id → course ids. Those through groups and paths are derived. */
  enrollments: Map<number, Set<number>>;
  progress: Map<number, Progress>;
  trainings: Map<number, Training>;
  timeslots: Map<number, Timeslot>;
  registrations: Map<number, Registration>;
  managerships: Map<number, Managership>;
  powerUsers: Map<number, PowerUser>;
  roles: Map<number, UserRole>;
  datasets: Map<number, Dataset>;
  points: Map<number, Points>;
  skills: Map<number, Skill>;
  skillPoints: Map<number, SkillPoints>;
  competencies: Map<number, Competency>;
  savedReports: Map<number, SavedReport>;
  queue: Map<number, QueueItem>;
  materials: Map<number, Material>;
  payments: Map<number, Payment>;
  catalog: Map<string, CatalogEntry>;
  courseKeys: Map<string, CourseKey>;
  loginKeys: Map<string, LoginKey>;
}
