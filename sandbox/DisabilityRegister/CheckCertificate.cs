namespace ExamPlatform.Sandbox.DisabilityRegister;

/// <summary>Who holds this certificate? Finds by the whole number: a certificate that was reissued has another one.</summary>
public static class CheckCertificate
{
    public sealed record Question(string Certificate);

    public static IResult Handle(Question question, RegisteredPeople people)
    {
        if (!RegisteredPeople.IsCertificate(question.Certificate)) return SharedSecretExchange.Refused(400, "bad-certificate");
        return people.Find(question.Certificate) is { } person
            ? Results.Ok(new { found = true, person.Name, person.AreaCode, person.Category, person.Grade, person.ValidUntil })
            : Results.Ok(new { found = false });
    }
}
