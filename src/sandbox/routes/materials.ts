import type { Route } from "../server/route.ts";
import { iso } from "../views/dates.ts";

export const materials = {
  get_materials: {
    page: [],
    answer: (_, world) => ({
      json: [...world.materials.values()].map((material) => ({
        created_at: iso(material.created_at),
        updated_at: iso(material.updated_at),
        article_id: material.id,
        id: material.id,
        parent_id: null,
        name: material.name,
        download_url: `https://${world.domain}/materials/download/${material.id}`,
        file_extension: material.file_extension,
        descriptive_extension: material.descriptive_extension,
        version_code: material.version_code,
        page_count: material.page_count,
        category: material.category,
      })),
    }),
  },
} satisfies Record<string, Route>;
