using ExamPlatform.Identities.Contracts;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>A code is sent to a mobile. The answer is the same, and so are the limits, whether somebody has that mobile or not; the digits are in no message, log or trace.</summary>
public static class IssueSmsCode
{
    /// <param name="Mobile">For registering and changing it the new one; else the one the person registered with.</param>
    /// <param name="Who">User name or document number; not for a new mobile.</param>
    public sealed record Asked(SmsCodePurpose Purpose, string Mobile, string? Who = null)
    {
        private const int LongestInput = 200;

        private bool OfNobody => Purpose is SmsCodePurpose.Register or SmsCodePurpose.NewMobile;

        public Faults Check() => new Faults()
            .Add(Purpose is SmsCodePurpose.Reset, "purpose", "not-a-choice", "An officer sends this one.")
            .Add(Mobile.Length > LongestInput || !Identities.Mobile.IsRight(Identities.Mobile.Tidy(Mobile)), "mobile", "mobile-format", "A mobile number has 11 digits and begins with 1: 13812345678.")
            .Add(!OfNobody && string.IsNullOrWhiteSpace(Who), "who", "required", "Enter the user name or the document number.")
            .Add(OfNobody && Who is not null, "who", "unknown-field", "A new mobile is nobody's yet; leave this out.")
            .Add(Who?.Length > LongestInput, "who", "too-long", $"At most {LongestInput} characters.");
    }

    /// <param name="CodeId">Goes back with the digits.</param>
    /// <param name="AgainAt">From when another one may be asked for.</param>
    public sealed record Issued(Guid CodeId, DateTimeOffset ExpiresAt, DateTimeOffset AgainAt);

    public static void MapIssueSmsCode(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/sms-codes", Issue)
        .AllowAnonymous().WithName("issue-sms-code").WithTags("identity").WithSummary("Send six digits to a mobile: to register, to recover an account, to sign in, to change the mobile.")
        .Produces<Issued>(StatusCodes.Status202Accepted).ProducesProblem(400).ProducesProblem(429);

    private static async Task<IResult> Issue(Asked asked, IdentityDb db, PersonalData data, FindAccount find, Limits limits, IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (asked.Check() is { Any: true } faults) return faults.ToProblem();
        var (mobile, rule, now) = (Mobile.Tidy(asked.Mobile), settings.Value.SmsCodes, clock.GetUtcNow());
        var account = asked.Who is { } who ? await find.WithMobile(TypedWho.Of(who), mobile, ct) : null;
        var about = asked.Who is null ? mobile : TypedWho.Of(asked.Who).Key; // never the account found: its limit would tell whose mobile it is
        var again = await limits.Take("sms address", SignInRecord.AddressOf(http), rule.PerAddressAndHour, TimeSpan.FromHours(1), ct)
            ?? await limits.Take("sms account", about, rule.PerDay, TimeSpan.FromDays(1), ct)
            ?? await limits.Take("sms day", mobile, rule.PerDay, TimeSpan.FromDays(1), ct)
            ?? await limits.Take("sms hour", mobile, rule.PerHour, TimeSpan.FromHours(1), ct)
            ?? await limits.Take("sms", mobile, 1, rule.Pause, ct);
        if (again is { } at) return Limits.TooMany("too-many-sms-codes", "Too many codes were asked for.", at, clock, http);
        var code = SmsCode.Issue(asked.Purpose, account?.Id, mobile, data, now);
        db.SmsCodes.Add(code);
        if (code.IsSent) db.Publish(code.Id, new SmsCodeIssued(code.Id, now));
        await db.SaveChangesAsync(ct);
        return TypedResults.Accepted((string?)null, new Issued(code.Id, code.ExpiresAt, now + rule.Pause));
    }
}
