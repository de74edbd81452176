import { type Input, Refusal } from "../server/route.ts";
import { currentProgress, dropProgress, progressOf, syncPerson } from "./enrollment.ts";
import { find } from "./people.ts";
import type { Person, Progress } from "./tables.ts";
import type { World } from "./world.ts";

const kinds = ["course_enrollments", "course_progresses", "exam_attempts"];

const isOpen = ({ status }: Progress) => status === "not-started" || status === "in-progress";

function moveEnrollments(world: World, source: Person, target: Person): { direct: number; groups: number } {
  const theirs = world.enrollments.get(source.id) ?? new Set<number>();
  const own = world.enrollments.get(target.id) ?? new Set<number>();
  for (const id of theirs) own.add(id);
  world.enrollments.set(target.id, own);
  world.enrollments.delete(source.id);

  const groups = [...world.groups.values()].filter((group) => group.members.delete(source.id));
  for (const group of groups) group.members.add(target.id);
  return { direct: theirs.size, groups: groups.length };
}

/** An unfinished record gives way to the one that comes; a finished one stays, and so does its rival. */
function moveProgress(world: World, source: Person, target: Person): { moved: number; skipped: string[] } {
  const skipped: string[] = [];
  let moved = 0;
  for (const row of progressOf(world, source.id)) {
    const rival = row.status === "archived" ? undefined : currentProgress(world, target.id, row.course_id);
    if (rival && !isOpen(rival)) {
      skipped.push(`course_progress ${row.id}`);
      continue;
    }
    if (rival) dropProgress(world, rival.id);
    world.progress.handOver(row, target.id);
    row.updated_at = world.now();
    moved += 1;
    // Without an enrollment an unfinished record would not outlive the next change.
    if (isOpen(row))
      world.enrollments.set(target.id, (world.enrollments.get(target.id) ?? new Set()).add(row.course_id));
  }
  return { moved, skipped };
}

/** Hands one person's training over to another; there is no way back. */
export function moveTraining(input: Input, world: World): Record<string, unknown> {
  const source = find(world.people, input.id("source_user_id"), "Source user");
  const target = find(world.people, input.id("target_user_id"), "Target user");
  if (source === target) throw new Refusal(422, "Source and target must be two users");
  const wanted = input.list("inclusion_list");
  if (wanted.length === 0) throw new Refusal(422, "Missing parameter: inclusion_list");
  const unknown = wanted.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) throw new Refusal(422, `Invalid parameter: inclusion_list (${unknown})`);

  const moved: Record<string, number> = {};
  let skipped: string[] = [];
  if (wanted.includes("course_progresses")) {
    const progress = moveProgress(world, source, target);
    moved.course_progresses = progress.moved;
    skipped = progress.skipped;
  }
  if (wanted.includes("course_enrollments")) {
    const { direct, groups } = moveEnrollments(world, source, target);
    moved.course_enrollments = direct;
    moved.user_group_enrollments = groups;
  }
  syncPerson(world, source.id);
  syncPerson(world, target.id);
  return { status: "success", source_user_id: source.id, target_user_id: target.id, moved, skipped };
}
