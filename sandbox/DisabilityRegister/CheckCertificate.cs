namespace ExamPlatform.Sandbox.DisabilityRegister;

/// <summary>Who holds this certificate? Finds by the whole number: a certificate that was reissued has another one.</summary>
public static class CheckCertificate
{
    public sealed record Question(string Certificate);

    public sealed record Answer(bool Found, string? Name = null, string? AreaCode = null, int? Category = null, int? Grade = null, DateOnly? ValidUntil = null);

    public static IResult Handle(Question question, RegisteredPeople people)
    {
        if (!RegisteredPeople.IsCertificate(question.Certificate)) return RegisterExchange.Refused(400, "bad-certificate");
        return Results.Ok(people.Find(question.Certificate) is { } person
            ? new Answer(true, person.Name, person.AreaCode, person.Category, person.Grade, person.ValidUntil)
            : new Answer(false));
    }
}
