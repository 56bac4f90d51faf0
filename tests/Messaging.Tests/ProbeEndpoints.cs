using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ExamPlatform.Messages.Tests;

internal static class ProbeEndpoints
{
    public sealed record WriteNote(string Text, bool Refuse = false);

    public sealed record Written(Guid Id, string Text);

    public enum Colour { Red, Green }

    /// <summary>One field of each kind.</summary>
    public sealed record Form(string Name, int Count, Colour Colour, DateOnly Day, Guid Reference, bool Agreed, IReadOnlyList<Entry> Entries, string? Remark = null,
        IReadOnlyDictionary<string, string>? Answers = null);

    public sealed record Entry(string School, int Year);

    public static void MapProbe(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/notes", Write).WithIdempotencyKey<ProbeDb>();
        app.MapPost("/api/forms", (Form form) => TypedResults.Ok(form)).AllowAnonymous();
        app.MapPost("/api/books", (Form form) => TypedResults.Ok(form.Name.Length)).WithMetadata(new RequestSizeLimitAttribute(1024 * 1024)).AllowAnonymous();
        app.MapGet("/api/me", (Me me) => TypedResults.Ok(me));
        app.MapGet("/api/numbers", (int first) => TypedResults.Ok(first)).AllowAnonymous();
        app.MapGet("/api/bug", string () => throw new InvalidOperationException("select secret from notes")).AllowAnonymous();
    }

    private static async Task<Results<Created<Written>, ProblemHttpResult>> Write(WriteNote request, Me me, ProbeDb db, HttpResponse response, CancellationToken ct)
    {
        var note = new Note { Id = Guid.NewGuid(), Text = request.Text };
        db.Notes.Add(note);
        db.Publish(note.Id, new Happened(note.Id, 1));
        await db.SaveChangesAsync(ct);
        if (request.Refuse) return new Refusal("not-now", $"Later, {me.Role}.").ToProblem();
        response.SetETag(7);
        return TypedResults.Created($"/api/notes/{note.Id}", new Written(note.Id, note.Text));
    }
}
