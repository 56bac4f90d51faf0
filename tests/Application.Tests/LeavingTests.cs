using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Applications.Tests;

/// <summary>Candidates whose accounts are deleted.</summary>
public sealed class LeavingTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private DateTimeOffset Now => service.Clock.Now;

    private Task<string> Left(Person person) => service.Query(db => db.Database.SqlQuery<string>($"select (select to_jsonb(a) from applications a where id = {person.Application})::text || coalesce((select to_jsonb(p) from profiles p where candidate_id = {person.Id})::text, '') as \"Value\"").SingleAsync());

    [Fact]
    public async Task Who_is_about_to_leave_begins_and_sends_in_nothing_new_until_it_is_taken_back_in_whichever_order_it_is_told()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        await service.Deliver(new AccountDeletionAsked(person.Id, Now.AddDays(7), Now));
        var sent = await person.Http.PostAsync($"{person.Address}/submissions", null);
        var started = await person.Http.PostAsync("/api/applications", System.Net.Http.Json.JsonContent.Create(new { programme = "ML", session = "2027" }));
        Assert.Equal([(HttpStatusCode.Conflict, "account-leaving"), (HttpStatusCode.Conflict, "account-leaving")], [await sent.Problem(), await started.Problem()]);

        await service.Deliver(new AccountDeletionTakenBack(person.Id, Now.AddMinutes(2)));
        await service.Deliver(new AccountDeletionAsked(person.Id, Now.AddDays(7), Now.AddMinutes(1)));

        await person.Submit();
    }

    [Fact]
    public async Task With_the_account_go_profile_drafts_forms_and_what_was_sent_in_and_what_counts_stays()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        var upload = (Guid)(await person.Look())["photo"]!;
        await service.Query(db => db.Database.ExecuteSqlAsync($"insert into printed_forms (application_id, number, state, asked_at, try_at, attempts, sealed) values ({person.Application}, 1, 'Rendered', now(), now(), 1, '\\x00')"));

        await service.Deliver(new AccountDeleted(person.Id, Now));
        await service.Deliver(new AccountDeleted(person.Id, Now));

        var left = await service.Query(db => db.Applications.AsNoTracking().Include(a => a.Submissions).Include(a => a.History).SingleAsync(a => a.Id == person.Application));
        Assert.Equal((0, 0, null, 0, ""), (left.Answers.Count, left.Sent!.Answers.Count, left.PhotoId, left.Submissions.Count, left.PersonDocumentType));
        Assert.Equal((Standing.Submitted, "110000", 1), (left.Standing, left.Sent.Area, left.History.Count));
        Assert.Equal(0, await service.Query(db => db.PrintedForms.CountAsync(f => f.ApplicationId == person.Application)));
        Assert.False(await service.Query(db => db.Profiles.AnyAsync(p => p.CandidateId == person.Id)));
        var told = Assert.Single(await service.Published<ApplicationsCleared>(person.Application));
        Assert.Contains(upload, told.DocumentIds);
    }

    [Fact]
    public async Task The_database_lets_go_of_nothing_that_was_not_cleared_and_what_was_stays_so()
    {
        var (kept, gone) = (await (await (await (await service.APerson()).Start()).Fill()).Submit(), await (await (await (await service.APerson()).Start()).Fill()).Submit());
        await service.Deliver(new AccountDeleted(gone.Id, Now));

        async Task<string> Refused(FormattableString sql) => (await Assert.ThrowsAsync<PostgresException>(() => service.Query(db => db.Database.ExecuteSqlAsync(sql)))).MessageText;
        Assert.Contains("append-only", await Refused($"delete from submissions where application_id = {kept.Application}"), StringComparison.Ordinal);
        Assert.Contains("stays so", await Refused($"update applications set cleared_at = null where id = {gone.Application}"), StringComparison.Ordinal);
        Assert.DoesNotContain("cleared_at\": \"", await Left(kept), StringComparison.Ordinal);
    }
}
