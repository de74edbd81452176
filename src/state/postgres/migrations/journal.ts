/**
 * A chain of lines for each academy, as the file on one desk has them: `content` is the line's JSON, byte for byte,
 * and the other columns are what of it is looked for. Lines are added and never changed, unless a person is forgotten.
 */
export const journalMigration = {
  name: "journal",
  sql: `
    create table skyprep.journal_heads (
      academy text not null,
      chain text not null,
      seq bigint not null,
      hash text not null,
      primary key (academy, chain)
    );

    create table skyprep.journal_lines (
      academy text not null,
      chain text not null,
      seq bigint not null,
      at timestamptz not null,
      line text not null,
      account text,
      question text,
      run text,
      outcome_of bigint,
      undoes bigint,
      content text not null,
      primary key (academy, chain, seq)
    );
    create index journal_lines_at on skyprep.journal_lines (academy, chain, at);
    create index journal_lines_question on skyprep.journal_lines (academy, chain, question) where question is not null;
    create index journal_lines_run on skyprep.journal_lines (academy, chain, run) where run is not null;
    create index journal_lines_outcome_of on skyprep.journal_lines (academy, chain, outcome_of) where outcome_of is not null;
    create index journal_lines_undoes on skyprep.journal_lines (academy, chain, undoes) where undoes is not null;

    create table skyprep.journal_images (
      academy text not null,
      seq bigint not null,
      at timestamptz not null,
      image text not null,
      primary key (academy, seq)
    );
    create index journal_images_at on skyprep.journal_images (at);

    create function skyprep.keep_lines() returns trigger language plpgsql as $$
    begin
      if current_setting('skyprep.forgetting', true) is distinct from 'on' then
        raise exception 'lines of the journal are added, never changed' using errcode = 'check_violation';
      end if;
      if tg_op = 'DELETE' then return old; end if;
      if tg_op = 'TRUNCATE' then return null; end if;
      return new;
    end $$;
    create trigger keep_lines before update or delete on skyprep.journal_lines
      for each row execute function skyprep.keep_lines();
    create trigger keep_all_lines before truncate on skyprep.journal_lines
      for each statement execute function skyprep.keep_lines();
  `,
};
