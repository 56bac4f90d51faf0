using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Bench;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Photos;
using Grpc.Core;
using Grpc.Net.Client;
using NetVips;

namespace ExamPlatform.Documents.Tests;

/// <summary>The exam's photo, made of any normal one by the real worker (E5).</summary>
public sealed class PhotoTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    public static TheoryData<int> Exams => [.. Enumerable.Range(0, GeneratedPhotos.Exams.Count)];

    [Theory]
    [MemberData(nameof(Exams))]
    public async Task A_normal_photo_becomes_what_the_exam_asks_without_anything_of_the_cameras_in_it(int exam)
    {
        var photo = APhoto(null, p => p.Job == GeneratedPhotos.Exams[exam] && Encoding.Latin1.GetString(p.Content).Contains("Exif", StringComparison.Ordinal));
        Assert.Contains("Exif", Encoding.Latin1.GetString(photo.Content), StringComparison.Ordinal);

        var made = await Made(await Upload(photo), service.AnApplication(me, photo.Job));

        var (content, rule) = (await (await Me.Open(made.Id)).Content.ReadAsByteArrayAsync(), photo.Job);
        using var seen = Image.NewFromBuffer(content);
        Assert.Equal((made.Width, made.Height), (seen.Width, seen.Height));
        if (rule.Width is { } width) Assert.Equal((width, rule.Height!.Value), (seen.Width, seen.Height));
        Assert.InRange(content.Length, rule.MinBytes, rule.MaxBytes);
        Assert.Empty(made.Findings);
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        Assert.Equal((DocumentState.Ready, "made", me), ((await service.Row(made.Id)).State, (await service.Row(made.Id)).History.Single().Reason, (await service.Row(made.Id)).CandidateId));
    }

    [Theory]
    [InlineData("ground", "ground-")]
    [InlineData("size", "too-small")]
    [InlineData("blur", "blurred")]
    public async Task What_is_wrong_is_said_with_what_to_do_and_cannot_be_confirmed(string wrong, string code)
    {
        var photo = APhoto(wrong);
        var application = service.AnApplication(me, photo.Job);

        var made = await Made(await Upload(photo), application);

        var finding = Assert.Single(made.Findings, f => f.Severity == "stop");
        Assert.StartsWith(code, finding.Code, StringComparison.Ordinal);
        Assert.True(finding.What.Length > 3 && finding.WhatToDo.Length > 3);
        var refused = await Confirm(made.Id, application);
        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:photo-unfit"), (refused.StatusCode, await refused.Code()));
        Assert.Null((await Shown(made.Id)).GetProperty("photo").GetProperty("confirmedAt").GetString());
    }

    [Fact]
    public async Task Because_of_ones_sight_a_person_decides_instead_of_a_refusal()
    {
        var photo = APhoto("blur");
        var application = service.AnApplication(me, photo.Job);
        var made = await Made(await Upload(photo), application);

        Assert.Equal(HttpStatusCode.OK, (await Confirm(made.Id, application, becauseOfSight: true)).StatusCode);

        Assert.True((await Shown(made.Id)).GetProperty("photo").GetProperty("becauseOfSight").GetBoolean());
        Assert.Equal("confirmed-because-of-sight", (await service.Row(made.Id)).History.OrderBy(h => h.Id).Last().Reason);
    }

    [Fact]
    public async Task A_photo_is_confirmed_once_and_for_its_own_application_only()
    {
        var photo = APhoto(null);
        var application = service.AnApplication(me, photo.Job);
        var made = await Made(await Upload(photo), application);
        Assert.Equal("urn:exam:made-for-another", await (await Confirm(made.Id, Guid.NewGuid())).Code());

        for (var n = 0; n < 2; n++) Assert.Equal(HttpStatusCode.OK, (await Confirm(made.Id, application)).StatusCode);

        Assert.Single((await service.Row(made.Id)).History, h => h.Reason == "confirmed");
        Assert.Equal(HttpStatusCode.NotFound, (await Confirm(made.Id, application, by: service.Candidate(Guid.NewGuid()))).StatusCode);
    }

    [Fact]
    public async Task An_upload_as_it_came_is_not_confirmed_and_a_made_photo_is_no_source()
    {
        var photo = APhoto(null);
        var application = service.AnApplication(me, photo.Job);
        var source = await Upload(photo);

        Assert.Equal("urn:exam:not-made", await (await Confirm(source, application)).Code());
        Assert.Equal("urn:exam:not-a-photo", await (await Make((await Made(source, application)).Id, application)).Code());
        Assert.Equal("urn:exam:not-a-photo", await (await Make((await service.Decided(Me)).Id, application)).Code());
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_refused_by_its_name_and_leaves_nothing()
    {
        var photo = APhoto("truncated");
        var source = await Upload(photo);
        var before = Files();

        var answer = await Make(source, service.AnApplication(me, photo.Job));

        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:photo-truncated"), (answer.StatusCode, await answer.Code()));
        Assert.Equal((1, before), (await service.RowsOf(me), Files()));
    }

    [Fact]
    public async Task Somebody_elses_upload_or_application_is_not_found()
    {
        var photo = APhoto(null);
        var (source, application, other) = (await Upload(photo), service.AnApplication(me, photo.Job), Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NotFound, (await Make(source, service.AnApplication(other, photo.Job), by: service.Candidate(other))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Make(source, service.AnApplication(other, photo.Job))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Make(source, application, by: service.Officer("site", "110000/110100/"))).StatusCode);
        Assert.Equal(1, await service.RowsOf(me));
    }

    [Fact]
    public async Task A_repeated_request_makes_one_photo()
    {
        var photo = APhoto(null);
        var (source, application, before) = (await Upload(photo), service.AnApplication(me, photo.Job), Files());

        var answers = new List<string>();
        for (var n = 0; n < 2; n++) answers.Add(await (await Make(source, application, key: "the same")).Content.ReadAsStringAsync());

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal((2, before + 1), (await service.RowsOf(me), Files()));
    }

    [Fact]
    public async Task Another_cut_takes_the_place_of_what_was_not_confirmed_and_of_nothing_else()
    {
        var photo = APhoto(null);
        var (source, application) = (await Upload(photo), service.AnApplication(me, photo.Job));
        var first = await Made(source, application);
        var second = await Made(source, application, new(first.Cut.Left, first.Cut.Top, first.Cut.Width * 0.9, first.Cut.Height * 0.9));
        await Confirm(second.Id, application);

        var third = await Made(source, application);

        Assert.Equal(HttpStatusCode.NotFound, (await Me.GetAsync($"/api/documents/{first.Id}")).StatusCode);
        Assert.Equal("replaced", (await service.Row(first.Id)).History.OrderBy(h => h.Id).Last().Reason);
        foreach (var kept in (Guid[])[source, second.Id, third.Id]) Assert.Equal(HttpStatusCode.OK, (await Me.GetAsync($"/api/documents/{kept}")).StatusCode);
        Assert.Equal(first.Cut.Width * 0.9, second.Cut.Width, 0.001);
        Assert.Equal(first.Cut.Left + first.Cut.Width * 0.45, second.Cut.Left + second.Cut.Width / 2, 0.001);
    }

    [Theory]
    [InlineData(-0.1, 0, 0.5, 0.5, 0, "#/cut")]
    [InlineData(0, 0, 0, 0.5, 0, "#/cut")]
    [InlineData(0, 0, 1.5, 0.5, 0, "#/cut")]
    [InlineData(0, 0, 0.5, 0.5, 4, "#/turn")]
    public async Task A_cut_lies_within_the_picture_and_a_turn_is_of_quarters(double left, double top, double width, double height, int turn, string at)
    {
        var answer = await Make(Guid.NewGuid(), Guid.NewGuid(), new(left, top, width, height), turn: turn);

        Assert.Equal(at, Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_lying_picture_is_turned_by_quarters()
    {
        var photo = APhoto(null, p => p.Job.Ground == "any");
        using var upright = Image.NewFromBuffer(photo.Content).Autorot();
        var lying = photo with { Content = upright.Rot(Enums.Angle.D90).JpegsaveBuffer(q: 90, keep: Enums.ForeignKeep.None) };

        var made = await Made(await Upload(lying), service.AnApplication(me, photo.Job), turn: 3);

        Assert.DoesNotContain(made.Findings, f => f.Severity == "stop");
        Assert.DoesNotContain(made.Findings, f => f.Code.StartsWith("head", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_exam_allows_a_plain_ground_gets_the_asked_colour()
    {
        var photo = APhoto(null, p => p.Job is { Ground: "white" });
        var application = service.AnApplication(me, GeneratedPhotos.Exams[0] with { SetGround = true });

        var made = await Made(await Upload(photo), application);

        Assert.Equal(["ground-set"], made.Findings.Select(f => f.Code));
        using var seen = Image.NewFromBuffer(await (await Me.Open(made.Id)).Content.ReadAsByteArrayAsync());
        var corner = seen.Getpoint(5, 5);
        Assert.True(Math.Abs(corner[0] - 67) < 12 && Math.Abs(corner[1] - 142) < 12 && Math.Abs(corner[2] - 219) < 12, string.Join(' ', corner));
        Assert.Equal(HttpStatusCode.OK, (await Confirm(made.Id, application)).StatusCode);
    }

    [Fact]
    public async Task A_picture_of_nobody_is_named_so()
    {
        using var wall = Image.Black(800, 1000, bands: 3) + new double[] { 67, 142, 219 };
        var photo = APhoto(null) with { Content = wall.Cast(Enums.BandFormat.Uchar).JpegsaveBuffer(q: 90) };

        Assert.Contains("no-head", (await Made(await Upload(photo), service.AnApplication(me, GeneratedPhotos.Exams[4]))).Findings.Select(f => f.Code));
    }

    [Fact]
    public async Task A_print_gets_the_photo_as_our_worker_wrote_it_and_nobody_elses()
    {
        var photo = APhoto(null, p => Encoding.Latin1.GetString(p.Content).Contains("Exif", StringComparison.Ordinal));
        var upload = await Upload(photo);
        var made = await Made(upload, service.AnApplication(me, photo.Job));

        Assert.Equal(await (await Me.Open(made.Id)).Content.ReadAsByteArrayAsync(), await Printed(made.Id, me));
        var print = await Printed(upload, me);
        using var seen = Image.NewFromBuffer(print!);
        Assert.Equal(413, seen.Width);
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(print!), StringComparison.Ordinal);
        Assert.Null(await Printed(upload, Guid.NewGuid()));
        Assert.Null(await Printed((await service.Decided(Me)).Id, me));
    }

    private async Task<byte[]?> Printed(Guid photo, Guid candidate)
    {
        using var channel = GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() });
        try
        {
            var reply = await new DocumentAnswers.DocumentAnswersClient(channel).GetPhotoAsync(new() { CandidateId = candidate.ToString(), DocumentId = photo.ToString() }, new Metadata { { "x-platform-key", "the-key-of-the-test-process" } });
            return reply.Jpeg.ToByteArray();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    private static GeneratedPhoto APhoto(string? wrong, Func<GeneratedPhoto, bool>? such = null)
    {
        var drawn = new GeneratedPhotos(20261128);
        while (true)
            if (drawn.Next(wrong) is var photo && photo.Content[0] == 0xFF && such?.Invoke(photo) != false) return photo;
    }

    private async Task<Guid> Upload(GeneratedPhoto photo) => (await service.Decided(Me, photo.Content, kind: "photo")).Id;

    private async Task<MadeAnswer> Made(Guid source, Guid application, Cut? cut = null, int turn = 0)
    {
        var answer = await Make(source, application, cut, turn: turn);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<MadeAnswer>())!;
    }

    private async Task<HttpResponseMessage> Make(Guid source, Guid application, Cut? cut = null, HttpClient? by = null, string? key = null, int turn = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/documents/{source}/photo") { Content = JsonContent.Create(new { application, cut, turn }) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await (by ?? Me).SendAsync(request);
    }

    private Task<HttpResponseMessage> Confirm(Guid photo, Guid application, bool becauseOfSight = false, HttpClient? by = null) =>
        (by ?? Me).PostAsJsonAsync($"/api/documents/{photo}/confirmation", new { application, becauseOfSight });

    private Task<JsonElement> Shown(Guid photo) => Me.GetFromJsonAsync<JsonElement>($"/api/documents/{photo}");

    private int Files() => Directory.GetFiles(service.StorePath, "*", SearchOption.AllDirectories).Length;

    private sealed record MadeAnswer(Guid Id, int Width, int Height, long Bytes, Cut Cut, IReadOnlyList<PhotoFinding> Findings);
}
