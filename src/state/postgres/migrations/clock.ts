/** The one clock of all replicas. Tests put another function in its place. */
export const clockMigration = {
  name: "clock",
  sql: `
    create function skyprep.clock() returns timestamptz language sql volatile
      as 'select clock_timestamp()';
    create function skyprep.ms(timestamptz) returns bigint language sql immutable
      as 'select floor(extract(epoch from $1) * 1000)::bigint';
    create function skyprep.at(ms bigint) returns timestamptz language sql immutable
      as 'select to_timestamp(ms / 1000.0)';
  `,
};
