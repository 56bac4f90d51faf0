using System.Text.Json;

namespace ExamPlatform.Demo;

/// <summary>The controls of the sandbox: what payers, banks and phones do. See sandbox/README.md.</summary>
public sealed class Sandbox(Uri address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The payer scans the code and pays; the bank tells the platform <paramref name="repeat"/> times.</summary>
    public async Task<Answer> Pay(string codeUrl, int repeat = 1, bool parallel = false, double delaySeconds = 0, bool dropCallback = false) =>
        (await Post("/control/wechat-pay/pay", new { codeUrl, repeat, parallel, delaySeconds, dropCallback })).Expect(200);

    /// <summary>The same callback again.</summary>
    public async Task<Answer> Resend(string outTradeNo, int repeat, bool parallel) => (await Post("/control/wechat-pay/resend", new { outTradeNo, repeat, parallel })).Expect(200);

    /// <summary>A callback not to be believed; the answer says what the platform said to it.</summary>
    public async Task<Answer> Forge(string outTradeNo, string kind) => (await Post("/control/wechat-pay/forge", new { outTradeNo, kind })).Expect(200);

    /// <summary>Puts a person into the disability register of a city.</summary>
    public async Task<Answer> Register(string certificate, string name, string areaCode) => (await Post("/control/disability-register/people", new { certificate, name, areaCode })).Expect(204);

    /// <summary>What the national registry says of a number: whose it is, or null where there is no such number.</summary>
    public async Task<Answer> Tell(string number, string? name) => (await Post("/control/id-registry/people", new { number, name })).Expect(204);

    /// <summary>The outside world misbehaves towards the next so many requests.</summary>
    /// <param name="only">What the request's target or body contains.</param>
    public async Task Misbehave(string channel, string effect, string only, int times = 1) => (await Post("/control/behaviour", new { channel, effect, times, onlyContaining = only })).Expect(204);

    /// <summary>Nothing is wrong any more.</summary>
    public async Task Behave() => (await Send(new(HttpMethod.Delete, "/control/behaviour"))).Expect(204);

    public Task<Answer> Post(string path, object body) => Send(new(HttpMethod.Post, path) { Content = Platform.Write(body) });

    public async Task<IReadOnlyList<JsonElement>> Callbacks(string outTradeNo) => Items(await Get($"/control/wechat-pay/callbacks?outTradeNo={outTradeNo}"));

    public async Task<IReadOnlyList<JsonElement>> Orders() => Items(await Get("/control/wechat-pay/orders"));

    /// <summary>The messages that a phone got, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Sms(string phone) => Items(await Get($"/control/sms?phone={phone}"));

    /// <summary>Somebody answers an SMS.</summary>
    public async Task<Answer> Reply(string phone, string content) => (await Post("/control/sms/reply", new { phone, content })).Expect(200);

    /// <summary>Somebody's WeChat scans a code of the official account, and follows it by that.</summary>
    /// <param name="value">The address that the code holds.</param>
    public async Task<Answer> Scan(string person, string value) => (await Post("/control/wechat/deeds", new { person, deed = "scan", value })).Expect(200);

    /// <param name="deed">follow, unfollow, or say with what is written.</param>
    public async Task<Answer> WeChat(string person, string deed, string? value = null) => (await Post("/control/wechat/deeds", new { person, deed, value })).Expect(200);

    public void Dispose() => http.Dispose();

    private async Task<Answer> Get(string path) => (await Send(new(HttpMethod.Get, path))).Expect(200);

    private static IReadOnlyList<JsonElement> Items(Answer answer) => [.. answer.Json.EnumerateArray()];

    private async Task<Answer> Send(HttpRequestMessage request)
    {
        using (request)
        using (var response = await http.SendAsync(request))
            return await Answer.Of(response, CancellationToken.None);
    }
}
