using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Tests;

public class PersonalDataTests
{
    private static readonly PersonalData Data = Under(1);

    [Fact]
    public void What_is_sealed_opens_at_its_place_and_nowhere_else()
    {
        var kept = Data.SealText("张三𠮷", "candidates.name/1");

        Assert.Equal("张三𠮷", Data.OpenText(kept, "candidates.name/1"));
        Assert.Throws<InvalidOperationException>(() => Data.OpenText(kept, "candidates.name/2"));
    }

    [Fact]
    public void Each_changed_byte_is_noticed()
    {
        var kept = Data.SealText("13812345678", "x");

        Assert.All(Enumerable.Range(0, kept.Length), at =>
        {
            var changed = kept.ToArray();
            changed[at] ^= 1;
            Assert.Throws<InvalidOperationException>(() => Data.OpenText(changed, "x"));
        });
    }

    [Fact]
    public void Equal_values_are_sealed_differently_and_hashed_equally_under_one_key_only()
    {
        Assert.NotEqual(Data.SealText("a", "x"), Data.SealText("a", "x"));
        Assert.Equal(Data.Hash("mobile", "a"), Under(1).Hash("mobile", "a"));
        Assert.NotEqual(Data.Hash("mobile", "a"), Data.Hash("document", "a"));
        Assert.NotEqual(Data.Hash("mobile", "a"), Under(2).Hash("mobile", "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64!")]
    public void A_wrong_key_is_told_at_the_start(string key) =>
        Assert.Contains("Identity__DataKey", Assert.Throws<InvalidOperationException>(() => new PersonalData(Options.Create(new IdentitySettings { DataKey = key }))).Message, StringComparison.Ordinal);

    private static PersonalData Under(byte key) => new(Options.Create(new IdentitySettings { DataKey = Convert.ToBase64String(Enumerable.Repeat(key, 32).ToArray()) }));
}
