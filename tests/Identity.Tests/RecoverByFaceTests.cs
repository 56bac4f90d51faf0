using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.FaceVerification;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

/// <summary>A face verification beside the other ways to recover an account, where it is offered.</summary>
public class RecoverByFaceTests(RecoverByFaceTests.FaceFixture identity, IdentityFixture without) : IClassFixture<RecoverByFaceTests.FaceFixture>, IClassFixture<IdentityFixture>
{
    private const string New = "Other-Horse-2";

    public sealed class FaceFixture : IdentityFixture
    {
        private RegisterWorld? world;

        public RegisterWorld World => world ??= new(Clock);

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. base.Settings,
            new("Identity:FaceVerification:BaseAddress", World.Address.ToString()),
            new("Identity:FaceVerification:Secret", RegisterWorld.Secret),
            new("Identity:FaceVerification:ReturnAddress", "https://exam.example/recover/face"),
        ];

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) world?.Dispose();
        }
    }

    [Fact]
    public async Task Who_passed_sets_a_new_password_once_all_sessions_end_and_the_owner_is_told()
    {
        var owner = await identity.ACandidate();
        var begun = await Begin(owner.Number);
        Finish(owner.Number);

        Assert.Equal(204, (int)(await Recover(owner.Number, begun)).StatusCode);

        await Body(await identity.SignInByNumber(owner.Number, New), 201);
        await Body(await identity.Refresh(owner.RefreshToken), 401);
        Assert.Single(await identity.Published<PasswordReplaced>(owner.Id));
        Assert.Equal("recovery-failed", Code(await Body(await Recover(owner.Number, begun, "Third-Horse-3"), 409)));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task Another_face_or_a_picture_of_the_right_one_opens_nothing(bool passed, bool liveness)
    {
        var owner = await identity.ACandidate();
        var begun = await Begin(owner.Number);
        Finish(owner.Number, passed, liveness);

        Assert.Equal("recovery-failed", Code(await Body(await Recover(owner.Number, begun), 409)));
        await Body(await identity.SignInByNumber(owner.Number, Password), 201);
    }

    [Fact]
    public async Task Nothing_tells_whether_somebody_is_registered_and_a_strangers_face_opens_nobodys_account()
    {
        var (owner, stranger) = (await identity.ACandidate(), NewNumber());

        var (known, unknown, misnamed) = (await Begin(owner.Number), await Begin(stranger), await Begin(owner.Number, "李四"));
        Finish(stranger);

        Assert.Equal(known.EnumerateObject().Select(p => p.Name), unknown.EnumerateObject().Select(p => p.Name));
        Assert.NotEqual(Text(known, "address"), Text(misnamed, "address"));
        Assert.Equal("recovery-failed", Code(await Body(await Recover(stranger, unknown), 409)));
        Assert.Equal("recovery-failed", Code(await Body(await Recover(owner.Number, unknown), 409)));
    }

    [Fact]
    public async Task The_name_has_to_be_the_accounts()
    {
        var owner = await identity.ACandidate();
        var begun = await Begin(owner.Number, "李四");
        Finish(owner.Number);

        Assert.Equal("recovery-failed", Code(await Body(await Recover(owner.Number, begun), 409)));
    }

    [Fact]
    public async Task Only_who_began_it_uses_it_and_within_ten_minutes()
    {
        var (owner, late) = (await identity.ACandidate(), await identity.ACandidate());
        var (begun, old) = (await Begin(owner.Number), await Begin(late.Number));
        Finish(owner.Number);
        Finish(late.Number);

        var guessed = new { id = begun.GetProperty("faceId").GetGuid(), secret = "guessed" };
        Assert.Equal("recovery-failed", Code(await Body(await identity.Post("/api/identity/recoveries", new { who = owner.Number, newPassword = New, face = guessed }), 409)));
        identity.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("recovery-failed", Code(await Body(await Recover(late.Number, old), 409)));
    }

    [Fact]
    public async Task Of_ten_at_once_one_sets_the_password()
    {
        var owner = await identity.ACandidate();
        var begun = await Begin(owner.Number);
        Finish(owner.Number);

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => Recover(owner.Number, begun, $"Other-Horse-{n}")));

        Assert.Single(replies, reply => (int)reply.StatusCode == 204);
    }

    [Fact]
    public async Task Who_comes_back_too_soon_is_told_so_and_goes_on_and_each_coming_counts()
    {
        var owner = await identity.ACandidate();
        var begun = await Begin(owner.Number);

        for (var n = 0; n < FaceCheck.MostTries; n++) Assert.Equal("face-verification-pending", Code(await Body(await Recover(owner.Number, begun), 409)));
        Finish(owner.Number);

        Assert.Equal("recovery-failed", Code(await Body(await Recover(owner.Number, begun), 409)));
    }

    [Theory]
    [InlineData(Effect.Fail)]
    [InlineData(Effect.Drop)]
    [InlineData(Effect.WrongSignature)]
    public async Task A_provider_that_gives_no_answer_says_neither_yes_nor_no(Effect effect)
    {
        var owner = await identity.ACandidate();
        identity.World.Misbehave(owner.Number, effect, Channel.FaceVerification);
        Assert.Equal("face-verification-unreachable", Code(await Body(await identity.Post("/api/identity/face-verifications", new { name = "张三", documentNumber = owner.Number }), 503)));
        var begun = await Begin(owner.Number);
        Finish(owner.Number);
        identity.World.Misbehave(await ProviderId(begun), effect, Channel.FaceVerification);

        Assert.Equal("face-verification-unreachable", Code(await Body(await Recover(owner.Number, begun), 503)));
        Assert.Equal(204, (int)(await Recover(owner.Number, begun)).StatusCode);
    }

    [Fact]
    public async Task It_is_begun_five_times_an_hour_for_one_number_whoever_that_is()
    {
        var number = NewNumber();
        for (var n = 0; n < 5; n++) await Begin(number);

        Assert.Equal("too-many-recoveries", Code(await Body(await identity.Post("/api/identity/face-verifications", new { name = "张三", documentNumber = number }), 429)));
    }

    [Fact]
    public async Task What_is_no_resident_id_is_told_at_its_field()
    {
        Assert.Equal(["documentNumber document-number-format", "name required"], Faults(await Body(await identity.Post("/api/identity/face-verifications", new { name = " ", documentNumber = "E12345678" }), 400)));
        Assert.Equal(["documentNumber too-long"], Faults(await Body(await identity.Post("/api/identity/face-verifications", new { name = "张三", documentNumber = new string('1', 300) }), 400)));
    }

    [Fact]
    public async Task Where_it_is_not_offered_it_is_not_there_and_the_other_ways_are()
    {
        Assert.True((await Body(await identity.Anonymous().GetAsync("/api/identity/face-verifications"), 200)).GetProperty("offered").GetBoolean());
        Assert.False((await Body(await without.Anonymous().GetAsync("/api/identity/face-verifications"), 200)).GetProperty("offered").GetBoolean());
        await Body(await without.Post("/api/identity/face-verifications", new { name = "张三", documentNumber = NewNumber() }), 404);
    }

    [Fact]
    public void An_address_needs_its_secret_and_the_way_back()
    {
        var check = new FaceProviderSettingsValidator();

        Assert.True(check.Validate(null, new()).Succeeded);
        Assert.All((string[])["Secret", "ReturnAddress"], key => Assert.Contains($"Identity__FaceVerification__{key}", check.Validate(null, new() { BaseAddress = new("http://x") }).FailureMessage));
    }

    private async Task<JsonElement> Begin(string number, string name = "张三") => await Body(await identity.Post("/api/identity/face-verifications", new { name, documentNumber = number }), 201);

    private Task<HttpResponseMessage> Recover(string who, JsonElement begun, string newPassword = New) =>
        identity.Post("/api/identity/recoveries", new { who, newPassword, face = new { id = begun.GetProperty("faceId").GetGuid(), secret = Text(begun, "secret") } });

    private void Finish(string number, bool passed = true, bool liveness = true)
    {
        var verifications = identity.World.Services.GetRequiredService<Verifications>();
        while (verifications.Waiting(number) is { } waiting) verifications.Finish(waiting, passed, liveness); // also one whose beginning was not believed
    }

    private Task<string> ProviderId(JsonElement begun)
    {
        var id = begun.GetProperty("faceId").GetGuid();
        return identity.Query(db => db.FaceChecks.Where(c => c.Id == id).Select(c => c.ProviderId).SingleAsync());
    }
}
