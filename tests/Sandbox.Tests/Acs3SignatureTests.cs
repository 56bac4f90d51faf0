using ExamPlatform.Sandbox.Sms;

namespace ExamPlatform.Sandbox.Tests;

public sealed class Acs3SignatureTests
{
    /// <summary>The fixed example of Aliyun's "Request syntax and signature method V3" page (ECS RunInstances).</summary>
    [Fact]
    public void The_published_example_gives_the_published_signature()
    {
        var headers = new Dictionary<string, string>
        {
            ["host"] = "ecs.cn-shanghai.aliyuncs.com",
            ["x-acs-action"] = "RunInstances",
            ["x-acs-content-sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ["x-acs-date"] = "2023-10-26T10:22:32Z",
            ["x-acs-signature-nonce"] = "3156853299f313e23d1673dc12e1703d",
            ["x-acs-version"] = "2014-05-26",
        };
        KeyValuePair<string, string>[] query = [new("RegionId", "cn-shanghai"), new("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")];

        var toSign = Acs3Signature.StringToSign("POST", "/", query, [.. headers.Keys], name => headers[name], Acs3Signature.Sha256([]));

        Assert.Equal("ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259", toSign);
        Assert.Equal("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0", Acs3Signature.Sign("YourAccessKeySecret", toSign));
    }
}
