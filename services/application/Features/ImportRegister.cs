using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ExamPlatform.Applications.Features;

/// <summary>Staff put a newer list in the place of a register: all of it or, with every fault named by line, nothing (J2).</summary>
public static class ImportRegister
{
    /// <param name="Entries">How many the register holds now.</param>
    public sealed record Reply(int Entries);

    public static void MapImportRegister(this IEndpointRouteBuilder app) => app.MapPut("/api/registers/{kind}", Handle)
        .RequireAuthorization(TokenNames.Officer).WithTags("application").AddOpenApiOperationTransformer(DescribeBody)
        .WithName("import-register").WithSummary("Replaces the register 'schools' or 'units' (national officers). CSV (UTF-8, or charset=gb18030) or the first sheet of an XLSX workbook, with the columns code, name, initials; at most 200000 rows and 20 MB.")
        .Produces<Reply>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415);

    private static async Task<IResult> Handle(string kind, Me me, HttpContext http, ApplicationDb db, ILogger<RegisterFile> log, CancellationToken ct)
    {
        if (FindInRegister.KindOf(kind) is not { } register) return Problems.NotFound();
        if (me.Level != "national") return Problems.Of(403, "not-allowed", "Only officers of the national level replace a register.");
        var (sheet, encoding) = (Workbook.Is(http.Request.ContentType), RegisterFile.EncodingOf(http.Request.ContentType));
        if (!sheet && encoding is null) return Problems.Of(415, "unsupported-media-type", $"Send text/csv in UTF-8, or say text/csv; charset=gb18030; or an XLSX workbook as {Workbook.ContentType}.");
        if (http.Request.ContentLength > RegisterFile.MostBytes) return Problems.Of(413, "too-large", $"A register may have {RegisterFile.MostBytes} bytes at most.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = RegisterFile.MostBytes;
        var (rows, faults) = sheet ? RegisterFile.ReadSheet(await InMemory(http.Request.Body, ct)) : await RegisterFile.Read(http.Request.Body, encoding!, ct);
        if (faults.Count > 0) return Problems.Invalid(faults);
        await db.Replace(register, rows, ct);
        log.LogInformation("Officer {OfficerId} replaced the register {Register}: {Entries} entries", me.Id, register, rows.Count);
        return TypedResults.Ok(new Reply(rows.Count));
    }

    /// <summary>A workbook is an archive, whose list of parts stands at its end.</summary>
    private static async Task<MemoryStream> InMemory(Stream body, CancellationToken ct)
    {
        var memory = new MemoryStream();
        await body.CopyToAsync(memory, ct);
        memory.Position = 0;
        return memory;
    }

    private static Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["text/csv"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } }, [Workbook.ContentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } } };
        return Task.CompletedTask;
    }
}
