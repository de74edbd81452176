/** The minute of each address that SkyPrep counts the calls of. Its academies share it: it is of none. */
export const egressMigration = {
  name: "egress",
  sql: `
    create table skyprep.egresses (
      academy text not null default '' check (academy = ''),
      egress text primary key,
      content jsonb,
      changed_at timestamptz not null
    );
  `,
};
