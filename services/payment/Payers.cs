using ExamPlatform.Identities.Contracts;
using ExamPlatform.Payments.Channels;
using Grpc.Core;

namespace ExamPlatform.Payments;

/// <summary>What the candidate pays with.</summary>
public enum Client { Pc, Mobile, WeChat, MiniProgram }

public static class Clients
{
    /// <summary>As a query names it; a computer where it does not. Null for a word that nobody knows.</summary>
    public static Client? Of(string? word) => word switch { null or "pc" => Client.Pc, "mobile" => Client.Mobile, "weChat" => Client.WeChat, "miniProgram" => Client.MiniProgram, _ => null };

    /// <summary>Whether a way of paying can be gone on this client: a code is scanned from another screen, and within WeChat there is WeChat Pay and UnionPay only.</summary>
    public static bool Fits(this Client client, string kind) => kind switch
    {
        PracticeChannel.Kind => true,
        "wechat-h5" or "alipay-wap" => client == Client.Mobile,
        "wechat-jsapi" => client == Client.WeChat,
        "wechat-mini" => client == Client.MiniProgram,
        "unionpay-mobile" => client is Client.Mobile or Client.WeChat,
        _ => client == Client.Pc,
    };
}

/// <summary>Who pays, as far as the bank has to be told. Nothing of it is kept or logged.</summary>
public sealed class Payers(IdentityAnswers.IdentityAnswersClient identity)
{
    /// <summary>The application of ours at WeChat within which a kind is paid; null where it is paid elsewhere.</summary>
    private static string? Application(string kind) => kind switch { "wechat-jsapi" => "account", "wechat-mini" => "miniProgram", _ => null };

    /// <returns>A refusal where the bank would have to be told somebody whom nobody knows.</returns>
    public async Task<(Payer? Payer, Refusal? Refusal)> Of(Guid candidate, string kind, HttpContext http, CancellationToken cancellationToken)
    {
        var address = http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;
        if (Application(kind) is not { } application) return (new(null, address?.ToString()), null);
        try
        {
            var told = await identity.GetOpenIdAsync(new() { CandidateId = candidate.ToString(), Application = application }, cancellationToken: cancellationToken);
            return told.OpenId_.Length > 0 ? (new(told.OpenId_, address?.ToString()), null)
                : (null, new("bind-wechat", "To pay within WeChat, bind your WeChat to this account first, or sign in with it here once; then pay."));
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return (null, new("payer-unknown", "Who pays within WeChat cannot be found out now; try again in a moment, or choose another way."));
        }
    }
}
