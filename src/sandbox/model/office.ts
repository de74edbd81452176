/**
 * What the office keeps beside people, courses and progress: rights, ledgers, reports, materials, the shop.
 * Instants are epoch milliseconds.
 */
/** `flags` holds the nine `can_…` booleans under their own names. */
export interface Managership {
  id: number;
  user_id: number;
  user_group_id: number;
  flags: Record<string, boolean>;
}

export interface PowerUser {
  id: number;
  user_id: number;
  user_role_id: number;
  dataset_ids: number[];
}

export interface UserRole {
  id: number;
  name: string;
  description: string;
  permissions: Record<string, string>;
}

export interface Dataset {
  id: number;
  name: string;
  /** Explicit ids; `all: true` means everyone or everything. */
  users: { static_id_list: number[]; all: boolean };
  courses: { static_id_list: number[]; all: boolean };
  user_groups: number[];
  created_at: number;
  updated_at: number;
}

/** One line of the points ledger; a balance is the sum of a person's amounts. */
export interface Points {
  id: number;
  user_id: number;
  amount: number;
  description: string;
  unique_transaction_id: string;
  created_at: number;
}

export interface Skill {
  id: number;
  name: string;
  display_name: string;
  description: string;
  rubric: { title: string; skill_points: number }[];
}

export interface SkillPoints {
  id: number;
  skill_id: number;
  user_id: number;
  amount: number;
  created_at: number;
}

export interface Competency {
  id: number;
  name: string;
  display_name: string;
  description: string;
  /** Achieved when every one of these balances is reached. */
  needs: { skill_id: number; points: number; skill_level_id: number; skill_level_title: string }[];
}

export interface SavedReport {
  id: number;
  name: string;
  type: "saved_report_with_data" | "saved_report";
  /** Which rows it shows when read. */
  of: "progress" | "users";
  created_at: number;
  updated_at: number;
}

/** An asynchronous report: queued, then processing, then done, as polls and time go by. */
export interface QueueItem {
  id: number;
  report_type: string;
  format: "csv" | "xlsx";
  parameters: Record<string, string>;
  polls: number;
  created_at: number;
}

export interface Material {
  id: number;
  name: string;
  file_extension: string;
  descriptive_extension: string;
  page_count: number | null;
  category: string | null;
  version_code: string;
  created_at: number;
  updated_at: number;
}

export interface Payment {
  id: number;
  payment_type: "stripe" | "paypal";
  status: string;
  transaction_number: string;
  amount: string;
  user_id: number;
  created_at: number;
}

/** A course or path anyone may find; `user_group_ids` empty means everybody sees it. */
export interface CatalogEntry {
  kind: "course" | "learning_path";
  id: number;
  user_group_ids: Set<number>;
}

export interface CourseKey {
  key: string;
  course_id: number;
  /** The course's subscribe_key when this was made; the key is dead while they differ. */
  subscribe_key: string;
  used: boolean;
}

export interface LoginKey {
  key: string;
  user_id: number;
  type: string;
  created_at: number;
  used: boolean;
}
