using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Grpc.Net.Client;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class AnswerIdentityTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private static readonly Metadata Key = new() { { "x-platform-key", "the-key-of-the-test-process" } };

    private IdentityAnswers.IdentityAnswersClient Client() => new(GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = identity.Server.CreateHandler() }));

    [Fact]
    public async Task The_platforms_services_are_told_who_a_candidate_is()
    {
        var registration = ARegistration("11010519491231002X", "𠮷田·三");
        var id = (await Body(await identity.Register(registration), 201)).GetProperty("candidateId").GetString();

        var person = await Client().GetPersonAsync(new() { CandidateId = id }, Key);
        var address = await Client().GetAddressAsync(new() { CandidateId = id }, Key);

        Assert.Equal(new() { CandidateId = id, Name = "𠮷田·三", DocumentType = "residentId", DocumentNumber = "11010519491231002X", Sex = "female", BirthDate = "1949-12-31", Nationality = "CHN" }, person);
        Assert.Equal("13812345678", address.Mobile);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", StatusCode.NotFound)]
    [InlineData("nonsense", StatusCode.InvalidArgument)]
    public async Task An_unknown_candidate_is_not_found(string id, StatusCode status) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(async () => await Client().GetPersonAsync(new() { CandidateId = id }, Key))).StatusCode);

    [Fact]
    public async Task Without_the_platforms_key_nothing_is_answered() =>
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(async () => await Client().GetAddressAsync(new() { CandidateId = Guid.NewGuid().ToString() }))).StatusCode);
}
