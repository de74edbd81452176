import { z } from "zod";

/** A kind of record: its name for one and many, the fields that may be shown, and those shown in a table. */
export interface Kind {
  readonly one: string;
  readonly many: string;
  readonly schema: z.ZodObject;
  readonly columns: readonly string[];
  /** Shown only with SKYPREP_REVEAL=personal. */
  readonly personal?: readonly string[];
  /** Fields that hold what the call was made for: everywhere else a link loses its key. */
  readonly credential?: readonly string[];
  /** Records inside this one, shown by their own columns. */
  readonly nested?: Readonly<Record<string, Kind>>;
  /** What pages the records inside this one, where a reply cannot hold them all; `{id}` is its number. */
  readonly pagedBy?: Readonly<Record<string, string>>;
  /** Its lists say that they take a search: there may be many, and no job finds them by name. */
  readonly searched?: true;
  /** Arguments that a record of it repeats, and the fields that may hold each: another value is another record. */
  readonly repeats?: Readonly<Record<string, readonly string[]>>;
  /** A write that was answered without this field was not answered with this record. */
  readonly holds?: string;
  /** Brings a differently spelt answer into the schema's form. */
  readonly prepare?: (answer: unknown) => unknown;
}
export const kind = <S extends z.ZodRawShape>(
  one: string,
  many: string,
  shape: S,
  columns: (keyof S & string)[],
  more: Pick<
    Kind,
    "nested" | "pagedBy" | "prepare" | "personal" | "searched" | "credential" | "repeats" | "holds"
  > = {},
): Kind => ({ one, many, schema: z.object(shape), columns, ...more });

/** How an answer is read: the shapes SkyPrep answers in (skyprep-api §3.2). */
export type Output =
  | {
      readonly as: "one";
      readonly kind: Kind /** The key the record stands under. */;
      readonly inside?: string;
      /** The argument that says what its one value is. */
      readonly said?: string;
      /** The argument that says which it should be, and the field that tells which it is. */
      readonly meant?: { readonly by: string; readonly is: string };
      /** The argument that names the fields to show; left out: all. */
      readonly only?: string;
    }
  | { readonly as: "many"; readonly kind: Kind }
  /** `{"message":"success"}` or bare `success`: nothing but that it was done. */
  | { readonly as: "done" }
  /** Names to numbers, whatever the names are. */
  | { readonly as: "balances"; readonly name: string }
  /** CSV text or xlsx bytes. */
  | { readonly as: "file" };

export const one = (of: Kind, inside?: string): Output => ({
  as: "one",
  kind: of,
  ...(inside && { inside }),
});
/** One that an argument says which it should be. */
export const oneMeant = (of: Kind, by: string, is: string): Output => ({
  as: "one",
  kind: of,
  meant: { by, is },
});
/** One of which an argument may ask for some fields. */
export const partly = (of: Kind, only: string): Output => ({ as: "one", kind: of, only });
/** One value, which the answer does not name: the argument does. */
export const figure = (of: Kind, said: string): Output => ({ as: "one", kind: of, said });
export const many = (of: Kind): Output => ({ as: "many", kind: of });
export const done: Output = { as: "done" };
export const file: Output = { as: "file" };
