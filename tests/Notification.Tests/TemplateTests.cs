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
        Assert.Null(templates.For(NoticeEvent.SmsCode, null).Inbox);
        Assert.False(templates.HasSms(NoticeEvent.Welcome));
    }

    [Fact]
    public void A_programme_may_word_an_event_otherwise()
    {
        Write("default", File.ReadAllText(Path.Combine(Shipped, "default.json")));
        Write("HP", """{ "events": { "registered": { "inbox": { "title": "卫生资格报名成功", "text": "{programme}" }, "sms": { "text": "{programme}" }, "weChat": { "fields": { "thing1": "{programme}" } } } } }""");

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
            "HP.json/events/registered: takes other channels", "HP.json/events/welcome/inbox/title: {programme} is not known here; known: at", "HP.json/events/submitted/inbox/title: {name} is not known here", "HP.json/events/smsCode/inbox: there is none for digits", "HP.json/events/smsCode/sms/text: {programme} is not known here; known: code", "ML.json: "], fault => Assert.Contains(fault, faults));
    }

    [Fact]
    public void The_SMS_of_a_bulk_send_is_as_long_for_one_person_as_for_another()
    {
        Write("default", File.ReadAllText(Path.Combine(Shipped, "default.json")));
        Write("HP", """{ "events": { "officeMessage": { "inbox": { "title": "{title}", "text": "{text}" }, "sms": { "text": "{name}，{at}，{area}，{title}" }, "weChat": { "fields": { "thing1": "{programme}" } } } } }""");

        var faults = Assert.Throws<InvalidOperationException>(() => NoticeTemplates.Load(folder)).Message;

        foreach (var varying in (string[])["name", "at", "area", "title"]) Assert.Contains($"HP.json/events/officeMessage/sms/text: {{{varying}}} is not known here; known: programme, session", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void What_WeChat_would_refuse_and_what_costs_too_many_parts_is_told_with_the_longest_values()
    {
        Write("default", File.ReadAllText(Path.Combine(Shipped, "default.json")));
        Write("HP", $$"""
            { "events": { "registered": { "inbox": { "title": "x", "text": "x" }, "sms": { "text": "{{new string('长', 127)}}" },
              "weChat": { "fields": { "thing1": "{{new string('长', 21)}}", "phrase2": "六个字的短语", "time3": "明天", "number4": "一", "amount5": "{programme}元", "other6": "x", "name7": "{programme}", "thing8": "考区：{area}" } } } } }
            """);

        var faults = Assert.Throws<InvalidOperationException>(() => NoticeTemplates.Load(folder)).Message;

        Assert.All((string[])["sms/text: has 3 parts with the longest values, 2 at most", "thing1: has 21 characters, thing takes 20", "phrase2: has 6 characters, phrase takes 5", "time3: has not the form of time", "number4: has not the form of number", "amount5: ", "other6: is of a kind", "thing8: has 22 characters"],
            fault => Assert.Contains(fault, faults));
        Assert.DoesNotContain("name7", faults); // alone, it is shortened
    }

    [Fact]
    public void A_route_names_each_channel_once_and_not_the_inbox_and_each_placeholder_has_a_longest_value()
    {
        var file = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Shipped, "default.json")))!;
        file["words"]!["route"] = System.Text.Json.Nodes.JsonNode.Parse("""[["inbox", "sms"], ["sms"]]""");
        file["words"]!["mostSmsParts"] = 11;
        file["words"]!["longest"]!.AsObject().Remove("amount");
        Write("default", file.ToJsonString());

        var faults = Assert.Throws<InvalidOperationException>(() => NoticeTemplates.Load(folder)).Message;

        Assert.All((string[])["words/route: the inbox is always there", "words/route: names a channel twice", "words/mostSmsParts: from 1 to 10", "words/longest/amount: is missing"], fault => Assert.Contains(fault, faults));
    }

    [Theory]
    [InlineData("letter1", "abc", "a1")]
    [InlineData("number1", "12.5", "12元")]
    [InlineData("character_string1", "A-1 b", "甲1")]
    [InlineData("time1", "2027年1月5日 09:00", "2027-01-05")]
    [InlineData("date1", "2027年1月5日", "明天")]
    [InlineData("amount1", "244.00元", "244.001")]
    [InlineData("amount1", "1234567890.12元", "¥1234567890.12元")]
    [InlineData("phrase1", "待缴费", "待1")]
    [InlineData("name1", "欧阳", "一二三四五六七八九十一")]
    [InlineData("thing1", "x", " ")]
    public void Each_kind_of_field_takes_its_own_form_only(string field, string good, string bad)
    {
        Assert.Null(FieldKinds.Fault(field, good));
        Assert.NotNull(FieldKinds.Fault(field, bad));
    }

    [Theory]
    [InlineData(62, 1)]
    [InlineData(63, 2)]
    [InlineData(126, 2)]
    [InlineData(127, 3)]
    public void Seventy_units_with_the_signature_are_one_part_and_of_longer_ones_each_holds_sixty_seven(int characters, int parts) =>
        Assert.Equal(parts, NoticeTemplates.SmsParts(new(new string('字', characters)), NoticeTemplates.Load(Shipped).Words with { SmsSignature = "【八个字的签名】" }));

    [Fact]
    public void A_value_too_long_for_its_field_ends_in_an_ellipsis_and_in_no_half_character()
    {
        Assert.Equal(new string('长', 19) + "…", FieldKinds.Fit("thing1", new string('长', 30)));
        Assert.Equal(new string('长', 18) + "…", FieldKinds.Fit("thing1", new string('长', 18) + "𠮷𠮷"));
        Assert.Equal("短", FieldKinds.Fit("thing1", "短"));
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
