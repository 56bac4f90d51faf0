using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class AppendOnly : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // what was published, sent in or has happened is never rewritten, whoever asks
            migrationBuilder.Sql("""
                create function append_only() returns trigger language plpgsql as $$ begin raise exception '% is append-only', tg_table_name; end $$;
                create trigger append_only before update or delete on programmes for each row execute function append_only();
                create trigger append_only before update or delete on submissions for each row execute function append_only();
                create trigger append_only before update or delete on history for each row execute function append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function append_only() cascade");
        }
    }
}
