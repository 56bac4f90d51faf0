using System.Net;
using System.Text;

namespace ExamPlatform.Payments.Tests;

/// <summary>A bank in the place of the network that gives these answers one after the other, signed by whoever makes them; the last one stays.</summary>
/// <param name="sign">The headers of an answer, by the request and the body.</param>
internal sealed class SignedAnswers(IEnumerable<(int Status, string Body)> answers, Func<HttpRequestMessage, string, IEnumerable<(string Name, string Value)>>? sign = null) : HttpMessageHandler
{
    private readonly Queue<(int Status, string Body)> left = new(answers);

    public int Asked { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked++;
        var (status, body) = left.Count > 1 ? left.Dequeue() : left.Peek();
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in sign?.Invoke(request, body) ?? []) answer.Headers.TryAddWithoutValidation(name, value);
        return Task.FromResult(answer);
    }
}
