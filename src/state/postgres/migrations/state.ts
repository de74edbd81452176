/**
 * What stands in the state folder on one desk. Texts are bytes: PostgreSQL's own cannot hold a NUL. `folder` and `name`
 * are parts of a path, each written as in a URL.
 */
export const stateMigration = {
  name: "state",
  sql: `
    create table skyprep.texts (
      academy text not null,
      place text not null,
      folder text not null,
      name text not null,
      content bytea not null,
      changed_at timestamptz not null,
      primary key (academy, place, folder, name)
    );

    create sequence skyprep.line_files_file;
    create table skyprep.line_files (
      academy text not null,
      place text not null,
      folder text not null,
      name text not null,
      file bigint not null unique,
      length bigint not null,
      changed_at timestamptz not null,
      primary key (academy, place, folder, name)
    );
    create table skyprep.lines (
      academy text not null,
      file bigint not null references skyprep.line_files (file) on delete cascade,
      position bigint not null,
      content bytea not null,
      primary key (file, position)
    );

    create table skyprep.leases (
      academy text not null,
      name text not null,
      holder text not null,
      until timestamptz not null,
      primary key (academy, name)
    );

    create sequence skyprep.stamps;
    create table skyprep.stamped (
      academy text not null,
      place text not null,
      folder text not null,
      name text not null,
      content bytea not null,
      stamp bigint not null,
      changed_at timestamptz not null,
      primary key (academy, place, folder, name)
    );

    create table skyprep.plans (
      academy text not null,
      owner text not null,
      person text not null,
      policy text not null,
      name text not null,
      plan bytea not null,
      state bytea not null,
      revision integer not null,
      created_at timestamptz not null,
      primary key (academy, owner, person, policy, name)
    );
    create index plans_created_at on skyprep.plans (created_at);

    create table skyprep.exports (
      academy text not null,
      owner text not null,
      person text not null,
      policy text not null,
      id text not null,
      about text not null,
      run text,
      content bytea not null,
      created_at timestamptz not null,
      primary key (academy, owner, person, policy, id)
    );
    create index exports_created_at on skyprep.exports (created_at);
  `,
};
