using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class Resealing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // another seal around the same values: the sweep says that it is one, and nothing else of the row may change
            migrationBuilder.Sql("""
                create or replace function append_only_but_cleared() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and exists (select from applications a where a.id = old.application_id and (a.trial or a.cleared_at is not null)) then return old; end if;
                  if tg_op = 'UPDATE' and current_setting('exam.resealing', true) = 'on' and to_jsonb(old) - 'answers' - 'profile' = to_jsonb(new) - 'answers' - 'profile' then return new; end if;
                  raise exception '% is append-only', tg_table_name;
                end $$;
                """);

        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create or replace function append_only_but_cleared() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and exists (select from applications a where a.id = old.application_id and (a.trial or a.cleared_at is not null)) then return old; end if;
                  raise exception '% is append-only', tg_table_name;
                end $$;
                """);

        }
    }
}
