namespace ExamPlatform.Notifications.Tests;

public sealed class TemplateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-templates-").FullName;
    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "templates");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_shipped_templates_have_words_for_every_event()
    {
        var templates = NoticeTemplates.Load(Shipped);

        Assert.All(Enum.GetValues<NoticeEvent>().Except([NoticeEvent.SmsCode]), of => Assert.NotEmpty(templates.For(of, null).Inbox!.Text));
        Assert.Equal([DeliveryChannel.Sms], templates.ChannelsOf(NoticeEvent.SmsCode));
        Assert.False(templates.HasSms(NoticeEvent.Welcome));
    }

    [Fact]
    public void A_programme_may_word_an_event_otherwise()
    {
        Write("default", File.ReadAllText(Path.Combine(Shipped, "default.json")));
        Write("HP", """{ "events": { "registered": { "inbox": { "title": "卫生资格报名成功", "text": "{programme}" }, "sms": { "text": "{programme}" } } } }""");

        var templates = NoticeTemplates.Load(folder);

        Assert.Equal("卫生资格报名成功", templates.For(NoticeEvent.Registered, "HP").Inbox!.Title);
        Assert.NotEqual("卫生资格报名成功", templates.For(NoticeEvent.Registered, "ML").Inbox!.Title);
        Assert.Equal(templates.For(NoticeEvent.Submitted, null), templates.For(NoticeEvent.Submitted, "HP"));
    }

    [Fact]
    public void Every_fault_of_every_file_is_told_with_its_place()
    {
        Write("default", File.ReadAllText(Path.Combine(Shipped, "default.json")));
        Write("HP", """{ "events": { "registered": { "inbox": { "title": " ", "text": "{amount} {programme" } }, "welcome": { "inbox": { "title": "{programme}", "text": "x" } }, "submitted": { "inbox": { "title": "{name}", "text": "x" }, "sms": { "text": "{name}" } }, "smsCode": { "inbox": { "title": "x", "text": "x" }, "sms": { "text": "{programme}" } } } }""");
        Write("ML", """{ "events": {}, "extra": 1 }""");

        var faults = Assert.Throws<InvalidOperationException>(() => NoticeTemplates.Load(folder)).Message;

        Assert.All((string[])["HP.json/events/registered/inbox/title: is empty", "HP.json/events/registered/inbox/text: {amount} is not known here", "HP.json/events/registered/inbox/text: has a brace",
            "HP.json/events/registered: takes other channels", "HP.json/events/welcome/inbox/title: {programme} is not known here; known: none", "HP.json/events/submitted/inbox/title: {name} is not known here", "HP.json/events/smsCode/inbox: there is none for digits", "HP.json/events/smsCode/sms/text: {programme} is not known here; known: code", "ML.json: "], fault => Assert.Contains(fault, faults));
    }

    [Fact]
    public void A_default_file_without_an_event_is_refused()
    {
        Write("default", """{ "events": {} }""");

        var faults = Assert.Throws<InvalidOperationException>(() => NoticeTemplates.Load(folder)).Message;

        Assert.Contains("default.json/words: is missing", faults);
        Assert.Contains("default.json/events/submitted: is missing", faults);
    }

    [Fact]
    public void Missing_gateway_settings_are_told_all_at_once()
    {
        var result = new AliyunSmsOptionsValidator(NoticeTemplates.Load(Shipped)).Validate(null, new AliyunSmsOptions());

        Assert.All((string[])["BaseAddress", "AccessKeyId", "AccessKeySecret", "SignName", "ReplyToken", "Templates:submitted", "Templates:paySoon"], key => Assert.Contains($"Notification:AliyunSms:{key}:", result.FailureMessage));
        Assert.DoesNotContain("Templates:welcome", result.FailureMessage);
    }

    [Fact]
    public void The_signature_is_that_of_Aliyuns_published_example()
    {
        // from the signature page of Aliyun's OpenAPI reference (V3, fixed parameters)
        var headers = new Dictionary<string, string>
        {
            ["host"] = "ecs.cn-shanghai.aliyuncs.com",
            ["x-acs-action"] = "RunInstances",
            ["x-acs-content-sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ["x-acs-date"] = "2023-10-26T10:22:32Z",
            ["x-acs-signature-nonce"] = "3156853299f313e23d1673dc12e1703d",
            ["x-acs-version"] = "2014-05-26",
        };

        var authorization = Notifications.Acs3Signature.Authorization("POST", "/", "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai", headers,
            headers["x-acs-content-sha256"], "YourAccessKeyId", "YourAccessKeySecret");

        Assert.Equal("ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
            + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0", authorization);
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(folder, name + ".json"), content);
}
