using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Development only: one operator, officers of each level and a candidate, so that the platform can be tried at once. All have the password that the AppHost made.</summary>
public sealed class ReadyMadePeople(PersonalData data, Passwords passwords, IOptions<IdentitySettings> settings, TimeProvider clock) : ISeed<IdentityDb>
{
    private const string Operator = "operator", Candidate = "candidate";

    private static readonly (string UserName, OfficerLevel Level, string AreaPath)[] Officers =
    [
        ("national", OfficerLevel.National, ""),
        ("area-110000", OfficerLevel.Area, "110000/"),
        ("site-110100", OfficerLevel.Site, "110000/110100/"),
        ("area-350000", OfficerLevel.Area, "350000/"),
        ("site-350100", OfficerLevel.Site, "350000/350100/"),
    ];

    /// <summary>The ready-made candidate's resident ID: nobody's, with the check character computed.</summary>
    public static string CandidateNumber
    {
        get
        {
            const string first17 = "11010119900101999";
            return first17 + DocumentNumber.CheckCharacter(first17);
        }
    }

    public async Task SeedAsync(IdentityDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (settings.Value.ReadyMadePassword is not { Length: > 0 } password) return;
        string[] names = [Operator, Candidate, .. Officers.Select(o => o.UserName)];
        var there = await db.Accounts.Where(a => names.Contains(a.UserName)).ToDictionaryAsync(a => a.UserName!, cancellationToken);
        // one hash for all of them: the migration step shall not take a second per person
        if (there.GetValueOrDefault(Operator) is not { } known || !passwords.Check(known, password))
        {
            var hash = passwords.Hash(password);
            foreach (var name in names) (there.GetValueOrDefault(name) ?? Add(db, name)).PasswordHash = hash;
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    private Account Add(IdentityDb db, string userName)
    {
        var role = userName switch { Operator => AccountRole.Operator, Candidate => AccountRole.Candidate, _ => AccountRole.Officer };
        var account = new Account { Id = Guid.CreateVersion7(), Role = role, UserName = userName, CreatedAt = clock.GetUtcNow() };
        db.Accounts.Add(account);
        if (role == AccountRole.Officer) AddOfficer(db, account);
        if (role == AccountRole.Candidate) AddCandidate(db, account);
        return account;
    }

    private static void AddOfficer(IdentityDb db, Account account)
    {
        var (name, level, areaPath) = Officers.Single(o => o.UserName == account.UserName);
        db.Officers.Add(new() { Id = account.Id, DisplayName = name, Level = level, AreaPath = areaPath, AppointedAt = account.CreatedAt });
        db.Publish(account.Id, new OfficerAppointed(account.Id, Officer.LevelNameOf(level), areaPath, account.CreatedAt));
    }

    private void AddCandidate(IdentityDb db, Account account)
    {
        var identity = new IdentityFacts("测试考生", DocumentType.ResidentId, CandidateNumber, Sex.Male, new(1990, 1, 1), "CHN");
        db.Candidates.Add(Identities.Candidate.Register(account.Id, new(identity, CandidateNumber, "13800000000"), Notice.Current.Version, data, account.CreatedAt));
        db.Add(IdentityCheck.Want(account.Id, identity.DocumentType, account.CreatedAt));
        db.Publish(account.Id, new CandidateRegistered(account.Id, account.CreatedAt));
    }
}
