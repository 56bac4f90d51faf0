using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications.Tests;

public sealed class LifeOfHpTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task An_on_line_area_confirms_reviews_twice_takes_the_fee_and_registers()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewPassed("area-review");
        var fee = Assert.Single(await service.Published<FeeDue>(person.Application));
        await person.Paid(fee.FeeId);

        Assert.Equal("registered", (string)(await person.Look())["status"]!["where"]!);
        Assert.Equal(4 * 6100, fee.AmountInFen);
        Assert.Equal(["confirmation", "site-review", "area-review"], (await service.Published<StageOpened>(person.Application)).Select(m => m.Stage));
        Assert.Single(await service.Published<RegistrationCompleted>(person.Application));
    }

    [Fact]
    public async Task An_on_site_area_without_on_line_payment_registers_when_the_last_review_is_passed()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill(Person.Fujian)).Submit();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewPassed("area-review");

        Assert.Equal("registered", (string)(await person.Look())["standing"]!);
        Assert.Empty(await service.Published<FeeDue>(person.Application));
        Assert.Single(await service.Published<RegistrationCompleted>(person.Application));
    }

    [Fact]
    public async Task A_failed_confirmation_is_corrected_and_starts_again_with_the_next_version()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.ConfirmationFailed();
        var returned = (await person.Look())["returned"]!;
        await person.Put($"{person.Address}/documents", new { photo = service.Documents.Upload("photo"), documents = (await person.Look())["documents"] });
        await person.Submit();
        await person.Confirmed(version: 2);

        Assert.Equal("报名照片不符合要求，请重新上传本人近期证件照。", (string)returned["reasons"]![0]!["text"]!);
        Assert.Equal("photo", (string)returned["reasons"]![0]!["item"]!);
        var now = await person.Look();
        Assert.Equal(("site-review", 2), ((string)now["stage"]!, (int)now["version"]!));
        Assert.Single(await service.Published<ReturnedForCorrection>(person.Application));
    }
}
