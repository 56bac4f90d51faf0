using ExamPlatform.Identities.Contracts;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class AppointOfficerTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private static int names;

    private static object An(string level, string areaPath, string? userName = null) =>
        new { userName = userName ?? NewName(), displayName = "考点一号", level, areaPath };

    private static string NewName() => $"officer-{Interlocked.Increment(ref names)}";

    private async Task<HttpClient> SignedIn(string userName) => identity.With(Text(await Body(await identity.SignIn(userName, ReadyMadePassword), 201), "accessToken"));

    private static async Task<HttpResponseMessage> Appoint(HttpClient by, object appointment)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(appointment);
        return await by.PostAsync("/api/identity/officers", content);
    }

    [Fact]
    public async Task Each_level_appoints_the_next_within_its_jurisdiction_and_the_appointed_signs_in()
    {
        var site = NewName();
        await Body(await Appoint(await SignedIn("operator"), An("national", "")), 201);
        await Body(await Appoint(await SignedIn("national"), An("area", "440000/")), 201);
        var appointed = await Body(await Appoint(await SignedIn("area-110000"), An("site", "110000/110200/", site)), 201);
        await Body(await Appoint(await SignedIn("site-110100"), An("point", "110000/110100/base-1/")), 201);

        var id = appointed.GetProperty("officerId").GetGuid();
        var me = await Body(await identity.With(Text(await Body(await identity.SignIn(site, Text(appointed, "firstPassword")), 201), "accessToken")).GetAsync("/api/identity/me"), 200);
        Assert.Equal("officer", Text(me, "role"));
        Assert.Equal(("site", "110000/110200/"), (Text(me.GetProperty("officer"), "level"), Text(me.GetProperty("officer"), "areaPath")));
        Assert.Equal([new OfficerAppointed(id, "site", "110000/110200/", identity.Clock.Now)], await identity.Published<OfficerAppointed>(id));
    }

    [Theory]
    [InlineData("area-110000", "site", "350000/350200/", "outside-jurisdiction")]
    [InlineData("site-110100", "point", "110000/110200/110201/", "outside-jurisdiction")]
    [InlineData("area-110000", "area", "110000/", "wrong-level")]
    [InlineData("area-110000", "national", "", "wrong-level")]
    [InlineData("national", "national", "", "wrong-level")]
    [InlineData("national", "site", "110000/110100/", "wrong-level")]
    [InlineData("site-110100", "area", "110000/", "wrong-level")]
    [InlineData("operator", "area", "110000/", "wrong-level")]
    [InlineData("candidate", "point", "110000/110100/110101/", "not-allowed")]
    public async Task Nobody_appoints_above_beside_or_outside(string by, string level, string areaPath, string code)
    {
        var userName = NewName();

        var problem = await Body(await Appoint(await SignedIn(by), An(level, areaPath, userName)), 403);

        Assert.Equal(code, Code(problem));
        await Body(await identity.SignIn(userName, Password), 401);
    }

    [Theory]
    [InlineData("area", "110100/")]
    [InlineData("area", "110000")]
    [InlineData("area", "110000/110100/")]
    [InlineData("site", "110000/350100/")]
    [InlineData("site", "110000/../")]
    [InlineData("point", "110000/110100/../")]
    [InlineData("point", "110000/110100/a b/")]
    [InlineData("national", "110000/")]
    public async Task A_path_that_is_no_jurisdiction_of_the_level_is_a_fault(string level, string areaPath) =>
        Assert.Equal(["areaPath area-path"], Faults(await Body(await Appoint(await SignedIn("area-110000"), An(level, areaPath)), 400)));

    [Fact]
    public async Task Of_two_appointments_with_one_user_name_one_takes_effect()
    {
        var (national, userName) = (await SignedIn("national"), NewName());

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Appoint(national, An("area", "440000/", userName))));

        Assert.Single(answers, a => (int)a.StatusCode == 201);
        foreach (var refused in answers.Where(a => (int)a.StatusCode != 201)) Assert.Equal("user-name-taken", Code(await Body(refused, 409)));
    }
}
