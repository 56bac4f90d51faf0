using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform;

public static class TrustedProxies
{
    /// <summary>
    /// The address of who asked is taken from X-Forwarded-For, as told by the gateway: on this machine, or in one of the networks (CIDR) of <c>{section}:TrustedProxies</c>. Needs <c>app.UseForwardedHeaders()</c>.
    /// </summary>
    public static void AddTrustedProxies(this WebApplicationBuilder builder, string section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var networks = builder.Configuration.GetSection($"{section}:TrustedProxies").Get<string[]>() ?? [];
        if (Array.Find(networks, network => !System.Net.IPNetwork.TryParse(network, out _)) is { } wrong)
            throw new InvalidOperationException($"{section}__TrustedProxies: {wrong} is no network; write 10.0.0.0/8.");
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            foreach (var network in networks) forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        });
    }
}
