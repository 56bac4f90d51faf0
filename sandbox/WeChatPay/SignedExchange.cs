using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>Lets only the merchant's signed requests in, and signs what goes out. As the real one, it leaves a refused signature's answer unsigned.</summary>
public sealed class SignedExchange(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, AnswerSignature signature, Behaviours behaviours)
    {
        var body = await Read(context.Request);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (RequestSignature.Verify(context, target, body) is { } refused)
        {
            await refused.ToResult().ExecuteAsync(context);
            return;
        }

        var outgoing = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        var behaviour = behaviours.Take(Channel.WechatPay, target + "\n" + body);
        if (!await Misbehaviour.Play(behaviour, context, Answer, failure => Fail(failure).ExecuteAsync(context))) return;

        context.Response.Body = outgoing;
        if (!context.Request.Path.StartsWithSegments("/v3/billdownload")) // bills come unsigned: their hash was signed
            signature.Put(context.Response, Encoding.UTF8.GetString(answer.ToArray()), wrong: behaviour?.Effect == Effect.WrongSignature);
        answer.Position = 0;
        if (context.Response.StatusCode != StatusCodes.Status204NoContent) context.Response.ContentLength = answer.Length;
        await answer.CopyToAsync(outgoing);

        Task Answer(HttpContext _) => MissingHeader(context.Request) is { } missing ? missing.ToResult().ExecuteAsync(context) : next(context);
    }

    private static async Task<string> Read(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        request.Body.Position = 0;
        return body;
    }

    private static WeChatPayError? MissingHeader(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || request.Headers.UserAgent.Count == 0) return WeChatPayError.Param(Words.Say("headers.missing"), "header");
        return HttpMethods.IsGet(request.Method) || request.HasJsonContentType() ? null : WeChatPayError.Param(Words.Say("headers.content-type"), "header");
    }

    private static IResult Fail(Behaviour asked) =>
        new WeChatPayError(asked.Status ?? 500, asked.Code ?? "SYSTEM_ERROR", asked.Message ?? Words.Say("system.error")).ToResult();
}
