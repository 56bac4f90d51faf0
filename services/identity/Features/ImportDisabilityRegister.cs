using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.EntityFrameworkCore;
using Microsoft.OpenApi;

namespace ExamPlatform.Identities.Features;

/// <summary>Staff of a province put in what the disability register knows of their cities: all of it or, with every fault named by line, nothing (B14, J2). It decides where the register itself gives no answer.</summary>
public static class ImportDisabilityRegister
{
    private const int MostShown = 40;

    /// <param name="Entries">How many were taken in.</param>
    public sealed record Imported(int Entries);

    public sealed record ImportSeen(string Province, int Entries, DateTimeOffset At, Guid OfficerId);

    public static void MapImportDisabilityRegister(this IEndpointRouteBuilder app)
    {
        var register = app.MapGroup("/api/identity/disability-register").RequireAuthorization(TokenNames.Officer).WithTags("identity");
        register.MapPut("", Import).AddOpenApiOperationTransformer(DescribeBody)
            .WithName("import-disability-register").WithSummary("Replaces what was imported of the provinces in the file (officers of level area, national). CSV (UTF-8, or charset=gb18030) with the columns certificate, name, areaCode, validUntil; at most 200000 rows and 20 MB.")
            .Produces<Imported>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415);
        register.MapGet("", List).WithName("list-disability-imports").WithSummary("The imports of one's own provinces, newest first.");
    }

    private static async Task<IResult> Import(Me me, HttpContext http, IdentityDb db, PersonalData data, TimeProvider clock, CancellationToken ct)
    {
        if (!May(me)) return NotAllowed();
        if (DisabilityFile.EncodingOf(http.Request.ContentType) is not { } encoding) return Problems.Of(415, "unsupported-media-type", "Send text/csv in UTF-8, or say text/csv; charset=gb18030.");
        if (http.Request.ContentLength > TableFile.MostBytes) return Problems.Of(413, "too-large", $"A register may have {TableFile.MostBytes} bytes at most.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = TableFile.MostBytes;
        var (rows, faults) = await DisabilityFile.Read(http.Request.Body, encoding, city => me.Covers($"{ImportedCertificate.ProvinceOf(city)}/{city}/"), ct);
        if (faults.Count > 0) return Problems.Invalid(faults);
        await db.Replace([.. rows.Select(row => ImportedCertificate.Of(row, data))], me.Id, clock.GetUtcNow(), ct);
        return TypedResults.Ok(new Imported(rows.Count));
    }

    private static async Task<Results<Ok<List<ImportSeen>>, ProblemHttpResult>> List(Me me, IdentityDb db, CancellationToken ct)
    {
        if (!May(me)) return NotAllowed();
        var province = me.AreaPath.TrimEnd('/');
        return TypedResults.Ok(await db.DisabilityImports.Where(i => province == "" || i.Province == province).OrderByDescending(i => i.At).ThenBy(i => i.Province).Take(MostShown)
            .Select(i => new ImportSeen(i.Province, i.Entries, i.At, i.OfficerId)).ToListAsync(ct));
    }

    private static bool May(Me me) => me.Level == Officer.LevelNameOf(OfficerLevel.Area) || me.Level == Officer.LevelNameOf(OfficerLevel.National);

    private static ProblemHttpResult NotAllowed() => Problems.Of(403, "not-allowed", "Only officers of the levels area and national import the disability register.");

    private static Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["text/csv"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } } };
        return Task.CompletedTask;
    }
}
