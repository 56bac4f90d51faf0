using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>A candidate sets or changes the question that recovers the account, by naming the password. The answer is kept as a slow hash only.</summary>
public static class SetSecurityQuestion
{
    public sealed record QuestionChoice(string Password, SecurityQuestion Question, string Answer)
    {
        private const int LongestInput = 200, ShortestAnswer = 2;

        public Faults Check()
        {
            var faults = new Faults();
            faults.Add(Password.Length == 0, "password", "required", "Enter the password.");
            faults.Add(Password.Length > LongestInput, "password", "too-long", $"At most {LongestInput} characters.");
            faults.Add(Answer.Length > LongestInput, "answer", "too-long", $"At most {LongestInput} characters.");
            if (!faults.Any) faults.Add(SecurityAnswer.Key(Answer).Length < ShortestAnswer, "answer", "answer-too-short", $"An answer has {ShortestAnswer} letters, characters or digits or more.");
            return faults;
        }
    }

    /// <param name="Question">Null while none is set.</param>
    public sealed record Kept(SecurityQuestion? Question);

    public static void MapSetSecurityQuestion(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/me/security-question", async (Me me, IdentityDb db, CancellationToken ct) =>
            TypedResults.Ok(new Kept(await db.SecurityAnswers.Where(a => a.AccountId == me.Id).Select(a => (SecurityQuestion?)a.Question).SingleOrDefaultAsync(ct))))
            .RequireAuthorization(TokenNames.Candidate).WithName("show-security-question").WithTags("identity").WithSummary("Which question one has chosen.");
        app.MapPut("/api/identity/me/security-question", Set).RequireAuthorization(TokenNames.Candidate)
            .WithName("set-security-question").WithTags("identity").WithSummary("Choose the question that recovers one's account.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(423).ProducesProblem(503);
    }

    private static async Task<IResult> Set(QuestionChoice choice, Me me, IdentityDb db, PersonalData data, Passwords passwords, LockOut lockOut, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (choice.Check() is { Any: true } faults) return faults.ToProblem();
        if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == me.Id, ct) is not { } account) return Problems.NotFound();
        string hash;
        using (var turn = await passwords.Turn(ct))
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            var (locked, until) = await lockOut.Count(account.LockKey(data), clock.GetUtcNow(), ct);
            if (locked || !passwords.Check(account, choice.Password)) return until is { } end ? LockOut.Locked(end, clock, http) : new Faults().Add(true, "password", "wrong-password", "This is not the password.").ToProblem();
            hash = passwords.Hash(SecurityAnswer.Key(choice.Answer));
        }
        await lockOut.Forgive(account.LockKey(data), ct);
        // in one statement, so that a double click is no conflict
        await db.Database.ExecuteSqlAsync($"""
            insert into security_answers (account_id, question, answer_hash, set_at) values ({me.Id}, {choice.Question.ToString()}, {hash}, {clock.GetUtcNow()})
            on conflict (account_id) do update set question = excluded.question, answer_hash = excluded.answer_hash, set_at = excluded.set_at
            """, ct);
        return TypedResults.NoContent();
    }
}
