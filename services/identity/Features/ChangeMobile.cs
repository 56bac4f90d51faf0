using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>A candidate has a new mobile: by naming the password, and the digits that went to the new one. The old one hears of it.</summary>
public static class ChangeMobile
{
    /// <param name="SmsCode">A code of purpose newMobile that went to <paramref name="Mobile"/>.</param>
    public sealed record Change(string Password, string Mobile, SmsProof SmsCode)
    {
        private const int LongestInput = 200;

        public Faults Check() => ProvePassword.Check(Password, new())
            .Add(Mobile.Length > LongestInput || !Identities.Mobile.IsRight(Identities.Mobile.Tidy(Mobile)), "mobile", "mobile-format", "A mobile number has 11 digits and begins with 1: 13812345678.")
            .Add(SmsCode.Code.Trim().Length == 0, "smsCode/code", "required", "Enter the digits of the SMS.")
            .Add(SmsCode.Code.Length > LongestInput, "smsCode/code", "too-long", $"At most {LongestInput} characters.");
    }

    public static void MapChangeMobile(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/me/mobile", Replace).RequireAuthorization(TokenNames.Candidate)
        .WithName("change-mobile").WithTags("identity").WithSummary("Another mobile for SMS and recovery; the digits that went to it, and the password.")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);

    private static async Task<IResult> Replace(Change change, Me me, IdentityDb db, PersonalData data, ProvePassword prove, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (change.Check() is { Any: true } faults) return faults.ToProblem();
        var (refused, account, _) = await prove.Of(me.Id, change.Password, http, ct);
        if (refused is not null) return refused;
        var (mobile, now) = (Mobile.Tidy(change.Mobile), clock.GetUtcNow());
        var hash = Candidate.HashOfMobile(data, mobile);
        if (await db.SmsCodes.SingleOrDefaultAsync(c => c.Id == change.SmsCode.Id && c.Purpose == SmsCodePurpose.NewMobile && c.MobileHash == hash, ct) is not { } code) return SmsCode.Wrong.ToProblem();
        var wrong = code.Use(change.SmsCode.Code, data, now);
        if (wrong is null)
        {
            var candidate = await db.Candidates.SingleAsync(c => c.Id == account.Id, ct);
            db.FormerMobiles.Add(candidate.ReplaceMobile(mobile, data, now));
            db.SignIns.Add(new() { AccountId = me.Id, At = now, Address = SignInRecord.AddressOf(http), Result = SignInResult.MobileReplaced });
            db.Publish(me.Id, new SignInMeansChanged(me.Id, now));
        }
        await db.SaveChangesAsync(ct); // a wrong try counts
        return wrong is null ? TypedResults.NoContent() : wrong.ToProblem();
    }
}
