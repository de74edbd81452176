import type { sections } from "../../tools/index.ts";
import type { listing } from "../../tools/schema/fields.ts";
import type { jobs } from "../jobs/index.ts";

type Sections = (typeof sections)[keyof typeof sections];
type RouteIn<S> = S extends S ? keyof S & string : never;
type Route = RouteIn<Sections>;
type OperationAt<R, S = Sections> = S extends S ? (R extends keyof S ? S[R] : never) : never;
/** As `toolName` of src/catalogue/catalogue.ts writes it. */
type NameOf<R extends string> = R extends `${infer Before}instructor_led_training${infer After}`
  ? `${Before}ilt${After}`
  : R;
type Tools = { readonly [R in Route as NameOf<R>]: OperationAt<R> };

type JobName = keyof typeof jobs;

/** Every tool, of an operation or a job: what is written down about tools compiles only while they exist. */
export type ToolName = keyof Tools | JobName;

/** Of jobs a test says whether they only read. */
export type ReadToolName =
  | { [T in keyof Tools]: Tools[T]["effect"] extends "read" ? T : never }[keyof Tools]
  | JobName;

/** A tool's own arguments, or those that every list takes; a job's are tested. */
export type ArgumentOf<T extends ToolName> = T extends keyof Tools
  ? (keyof Tools[T]["input"]["shape"] & string) | keyof typeof listing
  : string;
