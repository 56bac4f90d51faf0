namespace ExamPlatform.Sandbox.Chsi;

/// <summary>What a code stands for; 404 for one that stands for nothing. The real register has a page for people instead: this is what an agreement with it would give.</summary>
public static class ReadReport
{
    public static IResult Handle(string code, Reports reports) =>
        reports.Find(code) is { } report ? Results.Ok(report) : Results.Json(new { code = "REPORT_NOT_FOUND" }, statusCode: 404);

    /// <summary>Misbehaves as told, towards requests whose address contains the text.</summary>
    public static Task Misbehave(HttpContext context, RequestDelegate next) =>
        Misbehaviour.Play(context.RequestServices.GetRequiredService<Behaviours>().Take(Channel.Chsi, context.Request.QueryString.ToString()), context, next,
            asked => Results.Json(new { code = asked.Code ?? "SYSTEM_ERROR" }, statusCode: asked.Status ?? 500).ExecuteAsync(context));
}
