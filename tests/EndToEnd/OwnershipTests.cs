using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.EndToEnd;

[Collection(PlatformCollection.Name)]
public sealed class OwnershipTests(RunningPlatform platform)
{
    private const string Candidate = "candidate", Officer = "officer", Operator = "operator", Public = "public", Anybody = "anybody signed in", National = "national officer";

    /// <summary>Every route that names one thing: who may use it on their own, and a right body.</summary>
    private static readonly Dictionary<string, (string Whose, object? Body)> Routes = new()
    {
        ["GET /api/applications/{id}"] = (Candidate, null),
        ["GET /api/applications/{id}/form"] = (Candidate, null),
        ["PUT /api/applications/{id}/area"] = (Candidate, new { area = HpLife.Area, site = HpLife.Site }),
        ["PUT /api/applications/{id}/steps/{step}"] = (Candidate, new { answers = new { years = "1" } }),
        ["PUT /api/applications/{id}/documents"] = (Candidate, new { photo = (string?)null, documents = new { } }),
        ["PATCH /api/applications/{id}/steps/{step}"] = (Candidate, new { answers = new { years = "1" } }),
        ["PUT /api/applications/{id}/preferences"] = (Candidate, new { preferences = Array.Empty<object>() }),
        ["POST /api/applications/{id}/submissions"] = (Candidate, null),
        ["GET /api/applications/{id}/submissions/{version}/receipt"] = (Candidate, null),
        ["GET /api/applications/{id}/submissions/{version}/form"] = (Candidate, null),
        ["POST /api/applications/{id}/appeal"] = (Candidate, null),
        ["GET /api/applications/{id}/submissions/{version}"] = (Candidate, null),
        ["POST /api/applications/{id}/withdrawal"] = (Candidate, null),
        ["POST /api/applications/{id}/abandonment"] = (Candidate, null),
        ["GET /api/applications/{id}/history"] = (Candidate, null),
        ["GET /api/identity/device-requests/{code}"] = (Candidate, null),
        ["POST /api/identity/device-requests/{code}/decision"] = (Candidate, new { approve = true }),
        ["POST /api/identity/me/passkeys/{id}/removal"] = (Candidate, new { password = NewCandidate.Random().Password }),
        ["DELETE /api/identity/me/sessions/{id}"] = (Candidate, null),
        ["POST /api/identity/officers/{id}/dismissal"] = (Officer, new { reason = "只是为了试一试能不能办理" }),
        ["POST /api/identity/officers/{id}/access-reset"] = (Officer, new { reason = "只是为了试一试能不能办理" }),
        ["GET /api/documents/{id}"] = (Candidate, null),
        ["POST /api/documents/{id}/link"] = (Candidate, null),
        ["GET /api/documents/links/{link}"] = (Public, null),
        ["PATCH /api/documents/uploads/{id}"] = (Candidate, null),
        ["DELETE /api/documents/{id}"] = (Candidate, null),
        ["POST /api/documents/{id}/photo"] = (Candidate, new { application = Guid.NewGuid() }),
        ["POST /api/documents/{id}/confirmation"] = (Candidate, new { application = Guid.NewGuid() }),
        ["GET /api/payments/fees/{id}"] = (Candidate, null),
        ["POST /api/payments/fees/{id}/orders"] = (Candidate, new { channel = "wechat-native" }),
        ["GET /api/payments/receipts/{id}"] = (Candidate, null),
        ["POST /api/payments/orders/{id}/refunds"] = (Officer, new { amountInFen = 1, reason = "只是为了试一试能不能办理" }),
        ["POST /api/payments/orders/{id}/match"] = (Officer, new { reason = "只是为了试一试能不能办理" }),
        ["POST /api/payments/refunds/{id}/decision"] = (Officer, new { approve = true }),
        ["GET /api/payments/applications/{applicationId}"] = (Officer, null),
        ["POST /api/payments/differences/{id}/settlement"] = (Officer, new { note = "只是为了试一试能不能办理" }),
        ["POST /api/payments/fees/{id}/orders/closing"] = (Candidate, null),
        ["POST /api/notices/{id}/read"] = (Candidate, null),
        ["GET /api/content/articles/{id}"] = (Public, null),
        ["GET /api/content/desk/articles/{id}"] = (Officer, null),
        ["PUT /api/content/desk/articles/{id}"] = (Officer, new { title = "标题", text = "正文" }),
        ["POST /api/content/desk/articles/{id}/publication"] = (Officer, new { from = (string?)null, until = (string?)null }),
        ["POST /api/content/desk/articles/{id}/withdrawal"] = (Officer, new { reason = "有误" }),
        ["POST /api/content/desk/articles/{id}/reopening"] = (Officer, null),
        ["GET /api/content/articles/{id}/files/{document}"] = (Public, null),
        ["POST /api/content/desk/articles/{id}/files"] = (Officer, new { document = Guid.NewGuid(), name = "报名表.pdf" }),
        ["DELETE /api/content/desk/articles/{id}/files/{document}"] = (Officer, null),
        ["GET /api/documents/attachments/{link}"] = (Public, null),
        ["GET /api/content/desk/articles/{id}/push"] = (National, null),
        ["POST /api/content/desk/articles/{id}/push"] = (National, null),
        ["POST /api/content/desk/articles/{id}/push/decision"] = (National, new { approve = true }),
        ["PUT /api/content/desk/articles/{id}/pin"] = (Officer, new { pinned = true }),
        ["GET /api/content/questions/{id}"] = (Candidate, null),
        ["POST /api/content/questions/{id}/messages"] = (Candidate, new { text = "再问" }),
        ["POST /api/content/questions/{id}/closing"] = (Candidate, null),
        ["GET /api/content/desk/questions/{id}"] = (Officer, null),
        ["POST /api/content/desk/questions/{id}/answers"] = (Officer, new { text = "答复" }),
        ["POST /api/content/desk/questions/{id}/closing"] = (Officer, null),
        ["POST /api/notices/undelivered/{id}/settlement"] = (Officer, new { note = "已电话通知本人" }),
        ["GET /api/notices/bulk/{id}"] = (Officer, null),
        ["POST /api/notices/bulk/{id}/proposal"] = (Officer, null),
        ["POST /api/notices/bulk/{id}/decision"] = (Officer, new { approve = false, reason = "只是为了试一试能不能办理" }),
        ["POST /api/notices/bulk/{id}/stop"] = (Officer, new { reason = "只是为了试一试能不能办理" }),
        ["GET /api/reviews/work/{id}"] = (Officer, null),
        ["POST /api/reviews/work/{id}/claim"] = (Officer, null),
        ["DELETE /api/reviews/work/{id}/claim"] = (Officer, null),
        ["POST /api/reviews/work/{id}/decision"] = (Officer, new { version = 1, outcome = "pass" }),
        ["GET /api/reviews/work/{id}/history"] = (Officer, null),
        ["GET /api/reviews/work/{id}/neighbours"] = (Officer, null),
        ["GET /api/reviews/exports/{id}/work"] = (Officer, null),
        ["GET /api/reviews/forms/{code}"] = (Officer, null),
        ["PUT /api/reviews/applications/{applicationId}/papers/{paper}"] = (Officer, new { arrived = true }),
        ["POST /api/operations/identity/messages/{id}/resend"] = (Operator, null),
        ["POST /api/operations/application/messages/{id}/resend"] = (Operator, null),
        ["POST /api/operations/document/messages/{id}/resend"] = (Operator, null),
        ["POST /api/operations/review/messages/{id}/resend"] = (Operator, null),
        ["POST /api/operations/payment/messages/{id}/resend"] = (Operator, null),
        ["POST /api/operations/notification/messages/{id}/resend"] = (Operator, null),
        ["POST /api/operations/identity/data-keys/{number}/retirement"] = (Operator, null),
        ["POST /api/operations/application/data-keys/{number}/retirement"] = (Operator, null),
        ["POST /api/operations/review/data-keys/{number}/retirement"] = (Operator, null),
        ["POST /api/operations/payment/data-keys/{number}/retirement"] = (Operator, null),
        ["POST /api/operations/notification/data-keys/{number}/retirement"] = (Operator, null),
        ["GET /api/registers/{kind}"] = (Anybody, null),
        ["PUT /api/registers/{kind}"] = (National, null),
        ["POST /api/programmes/{code}/counter-entries"] = (Officer, new { candidate = Guid.NewGuid(), session = "2027", area = HpLife.Area, site = HpLife.Site, answers = new { }, photo = (string?)null, documents = new { } }),
        ["GET /api/programmes/{code}/counter-entries/{id}"] = (Officer, null),
        ["POST /api/programmes/{code}/public-notices"] = (Officer, new { session = "2027" }),
        ["GET /api/programmes/{code}/public-notices"] = (Public, null),
        ["GET /api/programmes/{code}/public-notices/{id}"] = (Public, null),
        ["POST /api/programmes/{code}/public-notices/{id}/objections"] = (Public, new { row = 1, text = "不符合条件", name = "张三", mobile = "13800138000" }),
        ["GET /api/programmes/{code}/objections"] = (Officer, null),
        ["POST /api/programmes/{code}/objections/{id}/settlement"] = (Officer, new { upheld = true, answer = "属实" }),
        ["POST /api/programmes/{code}/retirement"] = (National, null),
        ["DELETE /api/programmes/{code}/sessions/{session}/applications"] = (National, null),
        ["GET /api/programmes/{code}/versions"] = (National, null),
        ["GET /api/programmes/{code}/plans"] = (Public, null),
        ["GET /api/programmes/{code}"] = (Public, null),
        ["GET /api/programmes/{code}/areas"] = (Public, null),
    };

    /// <summary>Routes that anybody may use without a token.</summary>
    private static readonly string[] Open =
    [
        "POST /api/identity/candidates", "POST /api/identity/candidates/check", "POST /api/identity/sessions", "POST /api/identity/sms-codes", "GET /api/identity/sign-in/challenge", "POST /api/identity/recoveries", "GET /api/identity/face-verifications", "POST /api/identity/face-verifications", "POST /api/identity/sessions/refresh", "POST /api/identity/sessions/device-requests", "POST /api/identity/sessions/device", "GET /api/identity/sessions/wechat", "POST /api/identity/sessions/outside", "POST /api/identity/wechat-bindings", "POST /api/identity/sessions/passkey", "POST /api/identity/passkeys/ceremonies", "GET /api/identity/notice", "GET /api/characters", "GET /api/characters/radicals", "GET /api/programmes",
        "GET /api/content/articles", "GET /api/content/help", "GET /api/programmes/receipt-keys", "GET /api/programmes/schema", "GET /api/programmes/outages",
        .. Routes.Where(route => route.Value.Whose == Public).Select(route => route.Key),
    ];

    [Fact]
    public async Task The_list_of_routes_with_an_id_is_complete()
    {
        var routes = await ApiRoute.All(platform.Platform);

        Assert.Equal(Routes.Keys.Order(), routes.Where(route => route.Path.Contains('{', StringComparison.Ordinal)).Select(route => route.Name).Order());
    }

    [Fact]
    public async Task Someone_elses_is_404_on_every_route_and_stays_as_it_was()
    {
        var owner = await platform.AwaitingPayment();
        var (before, fee, welcome) = (await owner.Life.Look(), await owner.Life.Fee(), await owner.Life.Notice("welcome"));
        var stranger = (await CandidateLife.Register(platform.Platform)).Candidate;

        foreach (var (route, (whose, body)) in Routes.Where(route => route.Value.Whose == Candidate))
        {
            var id = route.Split('/')[2] switch { "applications" => owner.Life.Id, "documents" => before["photo"], "payments" => fee, _ => welcome.Text("id") };
            (await Try(stranger, route, id, body)).ExpectRefusal(404, "not-found");
        }

        Assert.Equal(before.ETag, (await owner.Life.Look()).ETag);
        Assert.Equal(200, (await owner.Life.Candidate.Get($"/api/documents/{before["photo"]}")).Status);
        Assert.Equal("False", (await owner.Life.Notice("welcome")).Text("read"));
    }

    [Theory]
    [InlineData("site-350100")]
    [InlineData("area-350000")]
    [InlineData("area-110000")]
    public async Task Work_of_another_place_or_level_and_its_documents_are_404_to_an_officer(string officer)
    {
        var life = await platform.Submitted();
        var work = await (await platform.Desk()).Find(life.Life.Id, "confirmation");
        var other = await platform.Platform.SignIn(officer);

        foreach (var (route, (_, body)) in Routes.Where(route => route.Value.Whose == Officer)) (await Try(other, route, work, body)).ExpectRefusal(404, "not-found");

        var photo = (await life.Life.Look())["photo"];
        if (officer != "area-110000") (await other.OpenUpload(photo)).ExpectRefusal(404, "not-found");
        Assert.Single(await (await platform.Desk()).All(life.Life.Id, "confirmation"));
    }

    [Fact]
    public async Task A_role_may_not_do_what_another_role_does()
    {
        var (candidate, officer, any) = ((await CandidateLife.Register(platform.Platform)).Candidate, await platform.Platform.SignIn("national"), Guid.NewGuid().ToString());

        foreach (var (route, (whose, body)) in Routes.Where(route => route.Value.Whose is Officer or National or Operator)) (await Try(candidate, route, any, body)).ExpectRefusal(403, "not-allowed");
        foreach (var (route, (whose, body)) in Routes.Where(route => route.Value.Whose == Operator)) (await Try(officer, route, any, body)).ExpectRefusal(403, "not-allowed");
    }

    [Fact]
    public async Task Every_route_but_the_open_ones_asks_for_a_token()
    {
        var routes = (await ApiRoute.All(platform.Platform)).Where(route => !Open.Contains(route.Name)).ToList();

        Assert.NotEmpty(routes);
        foreach (var route in routes)
            (await platform.Platform.Nobody.Send(new(route.Method), route.With(_ => Guid.NewGuid().ToString()), route.TakesJson ? new { } : null)).ExpectRefusal(401, "sign-in-required");
    }

    private static Task<Answer> Try(Person person, string route, string id, object? body)
    {
        var parts = route.Split(' ');
        var address = new ApiRoute(parts[0], parts[1], body is not null).With(parameter => parameter switch { "step" => "work", "version" or "number" => "1", _ => id });
        return person.Send(new(parts[0]), address, body, request =>
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        });
    }
}
