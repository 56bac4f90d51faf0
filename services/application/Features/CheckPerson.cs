using ExamPlatform.Identities.Contracts;
using Grpc.Core;

namespace ExamPlatform.Applications.Features;

/// <summary>Asks identity who the candidate is. The answer is never kept, except for the kind of document.</summary>
internal static class CheckPerson
{
    /// <summary>The person, if this exam takes the identity document; else why not.</summary>
    public static async Task<(Person? Person, Refusal? Refusal)> PersonFor(this IdentityAnswers.IdentityAnswersClient identity, ExamProgramme programme, Guid candidateId, CancellationToken ct)
    {
        try
        {
            var person = await identity.GetPersonAsync(new() { CandidateId = candidateId.ToString() }, cancellationToken: ct);
            return programme.Candidates.DocumentTypes.Contains(person.DocumentType) ? (person, null)
                : (null, new("document-type-not-accepted", "This exam does not accept the kind of identity document you registered with."));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return (null, new("person-unknown", "Your account holds no identity; complete the registration of your account first."));
        }
    }

    /// <summary>What the comparison with the national registry has to say against this exam. A practice waits for nothing: nothing of it goes outside.</summary>
    /// <param name="sending">Whether a version is to be sent in now.</param>
    public static Refusal? IdentityRefusal(this Person person, ExamProgramme programme, bool trial, bool sending) => trial ? null : programme.Candidates.IdentityCheck?.Refuses(person.IdentityCheck, sending);

    /// <summary>Told at once: who is registered as something else would fill in the form in vain.</summary>
    public static Refusal? TypeRefusal(this Person person, ExamProgramme programme) =>
        person.IdentityType.Length > 0 && programme.AsRegistered() is { } asked && asked.Field.Choices.All(choice => choice.Code != person.IdentityType)
            ? new("identity-type-not-accepted", "This exam is for people who are registered as something else; see what you are registered as in your settings.") : null;

    /// <summary>What is answered is what the account is registered as, where it says so.</summary>
    public static IEnumerable<Fault> TypeFaults(this Person person, Application application, ExamProgramme programme) =>
        person.IdentityType.Length > 0 && programme.AsRegistered() is { } asked && application.Answers.TryGetValue(asked.Path, out var answered) && answered != person.IdentityType
            ? [new($"#/{asked.Path}", "not-as-registered", "You are registered as something else; see your settings.")] : [];
    /// <summary>Why the programme lets nobody start who has not bound WeChat, or does not follow. Asked at the start only: what was started is never lost over it.</summary>
    public static async Task<Refusal?> WeChatFor(this IdentityAnswers.IdentityAnswersClient identity, ExamProgramme programme, Guid candidateId, CancellationToken ct)
    {
        if (programme.Candidates.WeChat is not { } rule) return null;
        var state = await identity.GetWeChatAsync(new() { CandidateId = candidateId.ToString() }, cancellationToken: ct);
        return !state.Bound ? new("wechat-not-bound", "This exam asks you to bind your own WeChat before you apply; see /api/identity/me/bindings.")
            : rule.Follow && !state.Follows ? new("wechat-not-followed", "This exam asks you to follow the official account before you apply; see /api/identity/me/bindings.") : null;
    }

    /// <summary>A disability certificate begins with its holder's resident ID.</summary>
    public static IEnumerable<Fault> CertificateFaults(this Person person, Application application, ExamProgramme programme) => programme.Form
        .SelectMany(section => section.Fields.OfType<DisabilityCertificateField>().Select(field => $"{section.Code}/{field.Code}"))
        .Where(path => application.Answers.TryGetValue(path, out var certificate) && !certificate.StartsWith(person.DocumentNumber, StringComparison.Ordinal))
        .Select(path => new Fault($"#/{path}", "not-your-certificate", "The certificate's first 18 characters are not your resident ID; copy them from your own certificate."));
}
