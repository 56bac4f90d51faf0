using System.Net;
using ExamPlatform.Testing;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Tests;

/// <summary>What each channel makes of the answers that the other side gives, as its documentation writes them.</summary>
public sealed class ChannelAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.NewGuid(), Application = Guid.NewGuid();
    private readonly SettableClock clock = new(Now);
    private readonly Scripted answers = new();

    [Theory]
    [InlineData("""{"Response":{"SendStatusSet":[{"SerialNo":"5000","Code":"Ok"}]}}""", SendOutcome.Accepted, false)]
    [InlineData("""{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberDailyLimit"}]}}""", SendOutcome.Refused, true)]
    [InlineData("""{"Response":{"SendStatusSet":[{"Code":"FailedOperation.InsufficientBalanceInSmsPackage"}]}}""", SendOutcome.Refused, false)]
    [InlineData("""{"Response":{"SendStatusSet":[{"Code":"FailedOperation.PhoneNumberInBlacklist"}]}}""", SendOutcome.Impossible, true)]
    [InlineData("""{"Response":{"SendStatusSet":[{"Code":"InvalidParameterValue.TemplateParameterFormatError"}]}}""", SendOutcome.Impossible, false)]
    [InlineData("""{"Response":{"Error":{"Code":"InternalError","Message":"x"}}}""", SendOutcome.Refused, false)]
    [InlineData("""{"Response":{"SendStatusSet":[]}}""", SendOutcome.Unknown, false)]
    [InlineData("""{"Answer":{}}""", SendOutcome.Unknown, false)]
    [InlineData("""<html>""", SendOutcome.Unknown, false)]
    public async Task Tencent_is_understood(string said, SendOutcome outcome, bool ofThePerson)
    {
        answers.Say(said);

        Assert.Equal((outcome, ofThePerson), await Tencent().SendAsync(Sms(), default) is var answer ? (answer.Outcome, answer.OfThePerson) : default);
    }

    [Theory]
    [InlineData("SUCCESS", true, 1, SendOutcome.Accepted)]
    [InlineData("FAIL", true, 1, SendOutcome.Impossible)]
    [InlineData("SUCCESS", false, 9, SendOutcome.Unknown)]
    [InlineData("SUCCESS", false, 10, SendOutcome.Impossible)]
    public async Task A_doubt_at_Tencent_is_settled_by_what_it_shows_of_this_very_delivery_and_given_up_after_ten_minutes(string status, bool own, int minutes, SendOutcome outcome)
    {
        answers.Say($$$"""{"Response":{"PullSmsSendStatusSet":[{"SessionContext":"{{{(own ? Id : Guid.NewGuid())}}}","ReportStatus":"{{{status}}}","SerialNo":"5000"}]}}""");

        Assert.Equal(outcome, (await Tencent().FindAsync("13800000000", Id, Now.AddMinutes(-minutes), default)).Outcome);
    }

    [Theory]
    [InlineData("OK", SendOutcome.Accepted, false)]
    [InlineData("isv.BUSINESS_LIMIT_CONTROL", SendOutcome.Refused, true)]
    [InlineData("isv.AMOUNT_NOT_ENOUGH", SendOutcome.Refused, false)]
    [InlineData("isv.MOBILE_NUMBER_ILLEGAL", SendOutcome.Impossible, true)]
    public async Task Aliyun_is_understood(string code, SendOutcome outcome, bool ofThePerson)
    {
        answers.Say($$"""{"Code":"{{code}}","BizId":"1^0"}""");

        Assert.Equal((outcome, ofThePerson), await Aliyun().SendAsync(Sms(), default) is var answer ? (answer.Outcome, answer.OfThePerson) : default);
    }

    [Theory]
    [InlineData("OK", true, SendOutcome.Accepted)]
    [InlineData("OK", false, SendOutcome.Refused)]
    [InlineData("isp.SYSTEM_ERROR", false, SendOutcome.Unknown)]
    public async Task A_doubt_at_Aliyun_is_settled_by_what_it_shows_of_this_very_delivery_on_the_day_in_Beijing(string code, bool own, SendOutcome outcome)
    {
        answers.Say($$$"""{"Code":"{{{code}}}","SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"OutId":"{{{(own ? Id : Guid.NewGuid())}}}"}]}}""");

        Assert.Equal(outcome, (await Aliyun().FindAsync("13800000000", Id, new DateTimeOffset(2026, 11, 21, 16, 0, 0, TimeSpan.Zero), default)).Outcome);
        Assert.Contains("SendDate=20261122", Assert.Single(answers.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeChat_is_asked_once_more_with_a_new_token_where_the_one_at_hand_was_void_and_not_again()
    {
        answers.Say("""{"access_token":"a","expires_in":7200}""", """{"errcode":42001}""", """{"access_token":"b","expires_in":7200}""", """{"errcode":42001}""");

        Assert.Equal((SendOutcome.Refused, "42001"), await Subscribe().SendAsync(Message(), default) is var answer ? (answer.Outcome, answer.Code) : default);
        Assert.Equal(["access_token=a", "access_token=b"], answers.Addresses.Select(address => address.Query.TrimStart('?')).Where(query => query.Length > 0));
    }

    [Fact]
    public async Task A_subscribe_message_leads_to_the_application_and_WeChat_drops_no_repeat_of_it()
    {
        answers.Say("""{"access_token":"a","expires_in":7200}""", """{"errcode":0,"msgid":7}""");

        Assert.Equal("7", (await Subscribe().SendAsync(Message(), default)).Receipt);
        Assert.Contains($"pages/application/application?id={Application}", answers.Asked[1], StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, Subscribe().DropsRepeats);
    }

    [Fact]
    public async Task A_token_is_kept_until_three_minutes_before_its_end()
    {
        using var tokens = new AccessTokens(clock);
        var fetched = 0;
        Task<string?> Get() => tokens.Get("app", () => Task.FromResult<(string, int)?>(($"token-{++fetched}", 7200)), null, default);

        Assert.Equal(("token-1", "token-1"), (await Get(), await Get()));
        clock.Advance(TimeSpan.FromMinutes(116));
        Assert.Equal("token-1", await Get());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("token-2", await Get());
    }

    [Theory]
    [InlineData(0, SendOutcome.Accepted)]
    [InlineData(4007, SendOutcome.Skipped)]
    [InlineData(4001, SendOutcome.Impossible)]
    [InlineData(2, SendOutcome.Refused)]
    public async Task Baidu_is_understood(int errno, SendOutcome outcome)
    {
        answers.Say("""{"access_token":"a","expires_in":7200}""", $$"""{"errno":{{errno}}}""");

        Assert.Equal(outcome, (await Baidu().SendAsync(Message(), default)).Outcome);
        Assert.Contains($"subscribe_id={Application:N}.paySoon", answers.Asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Baidu_is_asked_once_more_where_the_token_was_void_and_not_at_all_about_what_is_no_application()
    {
        answers.Say("""{"access_token":"a","expires_in":7200}""", """{"errno":110}""", """{"access_token":"b","expires_in":7200}""", """{"errno":0}""");

        Assert.Equal(SendOutcome.Skipped, (await Baidu().SendAsync(Message() with { ApplicationId = null }, default)).Outcome);
        Assert.Empty(answers.Asked);
        Assert.Equal(SendOutcome.Accepted, (await Baidu().SendAsync(Message(), default)).Outcome);
    }

    private HttpClient Http() => new(answers, disposeHandler: false) { BaseAddress = new("http://there") };

    private TencentSmsGateway Tencent() => new(Http(), Options.Create(new TencentSmsOptions { SecretId = "id", SecretKey = "key", SdkAppId = "1", SignName = "s", Templates = { ["registered"] = "1" } }), clock);

    private AliyunSmsGateway Aliyun() => new(Http(), Options.Create(new AliyunSmsOptions { AccessKeyId = "id", AccessKeySecret = "key", SignName = "s", Templates = { ["registered"] = "1" } }), clock);

    private WeChatSubscribeMessages Subscribe() => new(new(Http(), new(clock)), Options.Create(new WeChatOptions { MiniProgram = new() { AppId = "wx", Secret = "s" } }));

    private BaiduMessages Baidu() => new(Http(), new(clock), Options.Create(new BaiduOptions { ClientId = "id", Secret = "s" }));

    private static Sms Sms() => new(Id, "13800000000", NoticeEvent.Registered, null, []);

    private static ChannelMessage Message() => new(Id, "open-id", NoticeEvent.PaySoon, "template", [new("thing1", "x")], Application);

    /// <summary>The other side: says one thing after another, the last one again and again.</summary>
    private sealed class Scripted : HttpMessageHandler
    {
        private readonly Queue<string> words = [];

        public List<string> Asked { get; } = [];
        public List<Uri> Addresses { get; } = [];

        public void Say(params string[] said)
        {
            foreach (var each in said) words.Enqueue(each);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            Addresses.Add(request.RequestUri!);
            return new(HttpStatusCode.OK) { Content = new StringContent(words.Count > 1 ? words.Dequeue() : words.Peek()) };
        }
    }
}
