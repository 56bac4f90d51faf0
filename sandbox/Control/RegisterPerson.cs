using ExamPlatform.Sandbox.DisabilityRegister;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Puts people into the disability register and takes them out.</summary>
public static class RegisterPerson
{
    /// <param name="Category">Only where the register is to say something else than the certificate's number; likewise the grade.</param>
    public sealed record Request(string Certificate, string Name, string AreaCode, int? Category = null, int? Grade = null, DateOnly? ValidUntil = null);

    public static IResult Handle(Request request, RegisteredPeople people)
    {
        if (!RegisteredPeople.IsCertificate(request.Certificate)) return Results.Problem("A certificate is an 18-digit ID, a category 1-7 and a grade 1-4: 11010519491231002X11.", statusCode: 400);
        var (category, grade) = (request.Category ?? request.Certificate[18] - '0', request.Grade ?? request.Certificate[19] - '0');
        people.Add(new(request.Certificate, request.Name, request.AreaCode, category, grade, request.ValidUntil));
        return Results.NoContent();
    }

    public static IEnumerable<RegisteredPerson> List(RegisteredPeople people) => people.All;

    public static IResult Remove(string certificate, RegisteredPeople people) =>
        people.Remove(certificate) ? Results.NoContent() : Results.Problem("Nobody is registered with this certificate.", statusCode: 404);
}
