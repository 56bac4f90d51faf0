using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class ChangePasswordTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private const string Address = "/api/identity/me/password", New = "Other-Horse-2", Wrong = "Wrong-Horse-1";

    private Task<HttpResponseMessage> Change(string token, string old = Password, string next = New) => identity.With(token).PostAsJsonAsync(Address, new { oldPassword = old, newPassword = next }, Json);

    [Fact]
    public async Task The_new_password_signs_in_and_the_old_one_no_longer()
    {
        var (id, number, token, _) = await identity.ACandidate();

        Assert.Equal(204, (int)(await Change(token)).StatusCode);

        await Body(await identity.SignInByNumber(number, New), 201);
        await Body(await identity.SignInByNumber(number, Password), 401);
        Assert.Equal(1, await identity.Query(db => db.SignIns.CountAsync(s => s.AccountId == id && s.Result == SignInResult.PasswordChanged)));
    }

    [Fact]
    public async Task All_other_sessions_of_the_person_end_and_this_one_goes_on()
    {
        var (id, number, token, here) = await identity.ACandidate();
        var elsewhere = Text(await Body(await identity.SignInByNumber(number, Password), 201), "refreshToken");
        var (_, _, _, stranger) = await identity.ACandidate();

        await Change(token);

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(elsewhere), 401)));
        await Body(await identity.Refresh(here), 200);
        await Body(await identity.Refresh(stranger), 200);
        Assert.Equal([null, SessionEnd.PasswordChanged], await identity.Query(db => db.Sessions.Where(s => s.AccountId == id).OrderBy(s => s.StartedAt).ThenBy(s => s.Id).Select(s => s.EndedBy).ToListAsync()));
    }

    [Fact]
    public async Task A_sign_in_that_was_under_way_with_the_old_password_is_over_too()
    {
        var (id, _, token, _) = await identity.ACandidate();
        await using var scope = identity.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var before = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == id);

        await Change(token);
        var late = await scope.ServiceProvider.GetRequiredService<Tokens>().Start(before, CancellationToken.None);
        await db.SaveChangesAsync();

        Assert.Equal("session-ended", Code(await Body(await identity.Refresh(late.RefreshToken), 401)));
    }

    [Fact]
    public async Task A_wrong_old_password_is_told_at_its_field_and_counts_like_a_wrong_sign_in()
    {
        var (id, number, token, _) = await identity.ACandidate();
        for (var i = 0; i < 4; i++) Assert.Equal(["oldPassword wrong-password"], Faults(await Body(await Change(token, Wrong), 400)));

        Assert.Equal("locked-until", Code(await Body(await Change(token, Wrong), 423)));

        await Body(await Change(token), 423);
        Assert.Equal([.. Enumerable.Repeat(SignInResult.WrongPassword, 5), SignInResult.LockedOut], await identity.Query(db => db.SignIns
            .Where(s => s.AccountId == id && (s.Result == SignInResult.WrongPassword || s.Result == SignInResult.LockedOut)).OrderBy(s => s.Id).Select(s => s.Result).ToListAsync()));
        await Body(await identity.SignInByNumber(number, Password), 423);
    }

    [Fact]
    public async Task A_right_old_password_forgives_the_wrong_ones()
    {
        var (_, _, token, _) = await identity.ACandidate();
        for (var i = 0; i < 4; i++) await Change(token, Wrong);
        Assert.Equal(204, (int)(await Change(token)).StatusCode);

        for (var i = 0; i < 4; i++) await Body(await Change(token, Wrong, Password), 400);
    }

    [Fact]
    public async Task A_new_password_that_breaks_the_rule_changes_nothing()
    {
        var (_, number, token, _) = await identity.ACandidate();

        Assert.Equal(["newPassword password-classes", "newPassword password-length"], Faults(await Body(await Change(token, next: "short"), 400)));
        Assert.Equal(["newPassword password-unchanged"], Faults(await Body(await Change(token, next: Password), 400)));
        Assert.Equal(["newPassword password-classes", "newPassword password-length", "oldPassword required"], Faults(await Body(await Change(token, "", ""), 400)));
        Assert.Equal(["oldPassword too-long"], Faults(await Body(await Change(token, new('x', 5000)), 400)));

        await Body(await identity.SignInByNumber(number, Password), 201);
    }

    [Fact]
    public async Task Nobody_changes_a_password_without_being_signed_in() => Assert.Equal(401, (int)(await identity.Post(Address, new { oldPassword = Password, newPassword = New })).StatusCode);

    [Fact]
    public async Task Of_two_changes_in_the_same_moment_the_password_is_one_of_the_two()
    {
        var (_, number, token, _) = await identity.ACandidate();

        var answers = await Task.WhenAll(Change(token, next: "Other-Horse-3"), Change(token, next: "Other-Horse-4"));

        var done = Assert.Single(answers.Index(), a => (int)a.Item.StatusCode == 204);
        await Body(await identity.SignInByNumber(number, done.Index == 0 ? "Other-Horse-3" : "Other-Horse-4"), 201);
    }
}
