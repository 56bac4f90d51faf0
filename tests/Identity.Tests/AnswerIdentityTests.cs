using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class AnswerIdentityTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task The_platforms_services_are_told_who_a_candidate_is()
    {
        var registration = ARegistration("11010519491231002X", "𠮷田·三");
        var id = (await Body(await identity.Register(registration), 201)).GetProperty("candidateId").GetString();

        var person = await identity.Answers().GetPersonAsync(new() { CandidateId = id }, PlatformKey);
        var address = await identity.Answers().GetAddressAsync(new() { CandidateId = id }, PlatformKey);

        Assert.Equal(new() { CandidateId = id, Name = "𠮷田·三", DocumentType = "residentId", DocumentNumber = "11010519491231002X", Sex = "female", BirthDate = "1949-12-31", Nationality = "CHN", IdentityCheck = "pending" }, person);
        Assert.Equal("13812345678", address.Mobile);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", StatusCode.NotFound)]
    [InlineData("nonsense", StatusCode.InvalidArgument)]
    public async Task An_unknown_candidate_is_not_found(string id, StatusCode status) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(async () => await identity.Answers().GetPersonAsync(new() { CandidateId = id }, PlatformKey))).StatusCode);

    [Fact]
    public async Task Everybody_with_a_mobile_is_found_by_it_however_it_is_written_and_nobody_else()
    {
        const string mobile = "13612340001";
        string[] both = [await Registered(mobile), await Registered(mobile)];
        await Registered("13612340002");

        foreach (var written in (string[])[mobile, "+8613612340001", "8613612340001", "0086 136-1234-0001"])
            Assert.Equal(both.Order(), (await identity.Answers().FindByMobileAsync(new() { Mobile = written }, PlatformKey)).CandidateIds.Order());
        Assert.Empty((await identity.Answers().FindByMobileAsync(new() { Mobile = "1361234000" }, PlatformKey)).CandidateIds);
    }

    [Fact]
    public async Task Names_for_a_public_notice_leave_masked_and_only_those_that_look_alike_with_the_end_of_the_number()
    {
        string[] people = [await Named("110101198001010010", "张三"), await Named("110101198001010037", "张四"), await Named("110101198001010053", "张五"), await Named("11010119800101007X", "李四")];
        string[] beside = ["福州 中医", "福州 中医", "厦门 中医", "福州 中医"];

        var reply = await identity.Answers().GetMaskedNamesAsync(new() { Rows = { people.Zip(beside, (id, with) => new NoticeRow { CandidateId = id, Beside = with }).Append(new() { CandidateId = $"{Guid.NewGuid()}" }) } }, PlatformKey);

        Assert.Equal(["张* ****0010", "张* ****0037", "张* ", "李* "], people.Select(id => reply.Names.Single(n => n.CandidateId == id)).Select(n => $"{n.Name} {n.Number}"));
        Assert.Equal(4, reply.Names.Count);
    }

    [Fact]
    public async Task So_many_names_are_masked_in_one_call_and_no_more()
    {
        async Task<StatusCode> Ask(int count, string? id = null)
        {
            try
            {
                await identity.Answers().GetMaskedNamesAsync(new() { Rows = { Enumerable.Range(0, count).Select(_ => new NoticeRow { CandidateId = id ?? $"{Guid.NewGuid()}" }) } }, PlatformKey);
                return StatusCode.OK;
            }
            catch (RpcException refused)
            {
                return refused.StatusCode;
            }
        }

        Assert.Equal([StatusCode.OK, StatusCode.InvalidArgument, StatusCode.InvalidArgument], [await Ask(2000), await Ask(2001), await Ask(1, "nonsense")]);
    }

    private async Task<string> Named(string number, string name) => Text(await Body(await identity.Register(ARegistration(number, name)), 201), "candidateId");

    private async Task<string> Registered(string mobile) => Text(await Body(await identity.Register(ARegistration() with { Mobile = mobile }), 201), "candidateId");

    [Fact]
    public async Task Without_the_platforms_key_nothing_is_answered() =>
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(async () => await identity.Answers().GetAddressAsync(new() { CandidateId = Guid.NewGuid().ToString() }))).StatusCode);
}
