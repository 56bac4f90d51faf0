using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Reviews.Tests;

/// <summary>Every route of the running service against everybody it is not for. A route without a case fails, so does a case without a route.</summary>
public sealed class AccessTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    /// <summary>What there is to get at: claimed work, released too late work, a form, a paper, an export.</summary>
    private sealed record Target(Work Work, Work Late, string Form, Guid Export)
    {
        public bool IsIn(string body) => new[] { Work.Id, Late.Id, Work.ApplicationId, Late.ApplicationId, Export }.Any(id => body.Contains(id.ToString(), StringComparison.Ordinal));
    }

    /// <param name="Fill">The address.</param>
    /// <param name="Body">A right body.</param>
    /// <param name="Lists">Everybody's own list: an officer gets 200, and nothing of the target in it.</param>
    /// <param name="LevelsAbove">Also for levels above that have the place in their jurisdiction.</param>
    /// <param name="Counts">It answers numbers or a new id: nothing that names the target, whoever asks.</param>
    private sealed record Case(Func<Target, string> Fill, Func<Target, object>? Body = null, bool Lists = false, bool LevelsAbove = false, bool Counts = false);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["GET /api/reviews/work"] = new(_ => "work?state=claimed", Lists: true),
        ["GET /api/reviews/work/counts"] = new(_ => "work/counts", Lists: true, Counts: true),
        ["GET /api/reviews/work/days"] = new(_ => "work/days", Lists: true, Counts: true),
        ["GET /api/reviews/work/{id:guid}/neighbours"] = new(t => $"work/{t.Work.Id}/neighbours"),
        ["POST /api/reviews/exports"] = new(_ => "exports", _ => new { purpose = "统计", format = "csv" }, Lists: true, Counts: true),
        ["GET /api/reviews/exports"] = new(_ => "exports", Lists: true, LevelsAbove: true),
        ["GET /api/reviews/exports/{id:guid}/work"] = new(t => $"exports/{t.Export}/work"),
        ["GET /api/reviews/work/{id:guid}"] = new(t => $"work/{t.Work.Id}"),
        ["GET /api/reviews/work/{id:guid}/history"] = new(t => $"work/{t.Work.Id}/history"),
        ["POST /api/reviews/work/{id:guid}/claim"] = new(t => $"work/{t.Work.Id}/claim"),
        ["DELETE /api/reviews/work/{id:guid}/claim"] = new(t => $"work/{t.Work.Id}/claim"),
        ["POST /api/reviews/work/{id:guid}/decision"] = new(t => $"work/{t.Work.Id}/decision", _ => new { version = 1, outcome = "pass" }),
        ["POST /api/reviews/work/bulk-pass"] = new(_ => "work/bulk-pass", t => new { items = new[] { new { workId = t.Work.Id, version = 1 } } }, Lists: true),
        ["GET /api/reviews/decisions"] = new(_ => "decisions", Lists: true),
        ["GET /api/reviews/passed-over"] = new(_ => "passed-over", Lists: true, LevelsAbove: true),
        ["GET /api/reviews/forms/{code}"] = new(t => $"forms/{t.Form}"),
        ["PUT /api/reviews/applications/{applicationId:guid}/papers/{paper}"] = new(t => $"applications/{t.Work.ApplicationId}/papers/commitment", _ => new { arrived = true }, LevelsAbove: true),
    };

    public static TheoryData<string> Routes() => [.. Cases.Keys];

    [Fact]
    public void Every_route_has_a_case_and_every_case_a_route()
    {
        var routes = review.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/api/reviews", StringComparison.Ordinal) && e.RoutePattern.RawText != "/api/reviews/looks") // the candidate's own
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {e.RoutePattern.RawText}"));

        Assert.Equal(routes.Order(), Cases.Keys.Order());
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task Whom_a_route_is_not_for_gets_nothing_and_changes_nothing(string route)
    {
        var (target, one) = (await ATarget(), Cases[route]);
        var before = await Everything(target);

        foreach (var stranger in Strangers(one.LevelsAbove))
        {
            var answer = await Send(stranger, route, one, target);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.Equal(!one.Lists ? HttpStatusCode.NotFound : route.StartsWith("POST /api/reviews/exports", StringComparison.Ordinal) ? HttpStatusCode.Created : HttpStatusCode.OK, answer.StatusCode);
            // a bulk pass repeats the ids it was asked for, and says not-found of each
            if (route.EndsWith("bulk-pass", StringComparison.Ordinal)) Assert.Contains("\"not-found\"", body, StringComparison.Ordinal);
            else Assert.False(target.IsIn(body), body);
            if (one.Counts) Assert.DoesNotMatch("\"(count|arrived)\":", body);
        }
        foreach (var (client, expected) in new[] { (review.Candidate(target.Work.CandidateId), HttpStatusCode.Forbidden), (review.Operator(), HttpStatusCode.Forbidden), (review.Anonymous(), HttpStatusCode.Unauthorized) })
            Assert.Equal(expected, (await Send(client, route, one, target)).StatusCode);

        Assert.Equal(before, await Everything(target));
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task Whom_it_is_for_is_let_in(string route)
    {
        var (target, one) = (await ATarget(), Cases[route]);
        var officer = route.EndsWith("passed-over", StringComparison.Ordinal) ? review.Officer("area", Province) : review.Officer("site", City, Holder);

        var answer = await Send(officer, route, one, target);

        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        if (one.Lists && !one.Counts && !route.EndsWith("decisions", StringComparison.Ordinal)) Assert.True(target.IsIn(await answer.Content.ReadAsStringAsync()));
    }

    private const string Province = "510000/", City = "510000/510100/";
    private static readonly Guid Holder = Guid.NewGuid();

    /// <summary>Officers of places and levels where nothing else is.</summary>
    private IEnumerable<HttpClient> Strangers(bool levelsAboveMay)
    {
        yield return review.Officer("site", "510000/510300/"); // another city
        yield return review.Officer("site", "520000/520100/"); // of another province
        yield return review.Officer("area", "520000/");
        yield return review.Officer("point", City + "510101/"); // other levels of the same place
        if (levelsAboveMay) yield break;
        yield return review.Officer("area", Province);
        yield return review.Officer("national", "");
    }

    private async Task<Target> ATarget()
    {
        var work = await review.AnOpenWork(areaPath: City);
        (await review.Officer("site", City, Holder).PostAsync($"/api/reviews/work/{work.Id}/claim", null)).EnsureSuccessStatusCode();
        var late = await review.AnOpenWork(areaPath: City, kind: "release");
        await review.Deliver(new ReleaseOverdue(late.ApplicationId, late.CandidateId, 1, late.Stage, City, review.Clock.Now));
        var form = Guid.NewGuid().ToString("N")[..12].ToUpperInvariant();
        review.Application.Forms[form] = new() { ApplicationId = work.ApplicationId.ToString(), Version = 1, CurrentVersion = 1, Current = true, AreaPath = City };
        var export = await (await review.Officer("site", City, Holder).PostAsJsonAsync("/api/reviews/exports", new { purpose = "核对", format = "csv" })).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        return new(work, late, form, export.GetProperty("id").GetGuid());
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, string route, Case one, Target target)
    {
        using var request = new HttpRequestMessage(new(route.Split(' ')[0]), $"/api/reviews/{one.Fill(target)}");
        if (one.Body is not null) request.Content = JsonContent.Create(one.Body(target));
        return await client.SendAsync(request);
    }

    private Task<string> Everything(Target target) => review.Query(async db =>
    {
        var (work, late) = (target.Work.ApplicationId, target.Late.ApplicationId);
        var rows = await db.Work.Where(w => w.ApplicationId == work || w.ApplicationId == late).OrderBy(w => w.Id).Select(w => $"{w.Id} {w.RowVersion} {w.History.Count}").ToListAsync();
        return string.Join(' ', [.. rows, await db.Decisions.CountAsync(d => d.ApplicationId == work), await db.Looks.CountAsync(l => l.ApplicationId == work),
            await db.PaperTicks.CountAsync(t => t.ApplicationId == work), await db.Outbox.CountAsync(m => m.AggregateId == work)]);
    });
}
