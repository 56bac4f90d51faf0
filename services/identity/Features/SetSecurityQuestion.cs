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
            var faults = ProvePassword.Check(Password, new());
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

    private static async Task<IResult> Set(QuestionChoice choice, Me me, IdentityDb db, ProvePassword prove, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (choice.Check() is { Any: true } faults) return faults.ToProblem();
        var (refused, _, hash) = await prove.Of(me.Id, choice.Password, http, ct, toHash: SecurityAnswer.Key(choice.Answer));
        if (refused is not null) return refused;
        // in one statement, so that a double click is no conflict
        await db.Database.ExecuteSqlAsync($"""
            insert into security_answers (account_id, question, answer_hash, set_at) values ({me.Id}, {choice.Question.ToString()}, {hash}, {clock.GetUtcNow()})
            on conflict (account_id) do update set question = excluded.question, answer_hash = excluded.answer_hash, set_at = excluded.set_at
            """, ct);
        return TypedResults.NoContent();
    }
}
