import type { Export, Exports } from "../state/ports.ts";

/** How what is kept is read. */
export type ExportType = "text/plain" | "text/csv" | "text/html";

/** Reports and pages that are kept, as texts. */
export interface KeptExports {
  list(): Promise<
    readonly {
      readonly id: string;
      readonly name: string;
      readonly bytes: number;
      readonly createdAt: number | string;
      readonly type: ExportType;
    }[]
  >;
  /** Undefined: there is none under this name. */
  read(id: string): Promise<{ readonly text: string; readonly type: ExportType } | undefined>;
}

const types: Readonly<Record<Export["extension"], ExportType>> = {
  csv: "text/csv",
  html: "text/html",
  txt: "text/plain",
  xlsx: "text/plain",
};

/** A workbook is not read to a model: its place on this computer is all there is to say. */
export const textsOf = ({ list, read }: Pick<Exports, "list" | "read">): KeptExports => ({
  list: async () => (await list()).map((one) => ({ ...one, type: types[one.extension] })),
  async read(id) {
    const found = await read(id);
    if (found === undefined) return undefined;
    const { file, bytes, extension } = found.about;
    if (extension !== "xlsx")
      return { text: new TextDecoder().decode(found.content), type: types[extension] };
    return {
      type: types.xlsx,
      text: `An Excel file of ${bytes} bytes, not read here.${file === undefined ? "" : ` A person can open it on this computer: ${file}`}`,
    };
  },
});
