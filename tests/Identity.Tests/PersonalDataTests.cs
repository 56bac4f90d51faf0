using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Tests;

public class PersonalDataTests(IdentityFixture identity) : IClassFixture<IdentityFixture>
{
    private PersonalData Data => Under(1);

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
        Assert.Contains("Identity__DataKey", Assert.Throws<InvalidOperationException>(() => new PersonalData(Options.Create(new IdentitySettings { DataKey = key }), identity.Services.GetRequiredService<Seals>())).Message, StringComparison.Ordinal);

    [Fact]
    public void What_was_sealed_before_there_were_data_keys_still_opens()
    {
        var (kept, place) = (Convert.FromHexString("01" + "000102030405060708090a0b" + SealedBefore), "candidates.name/1");

        Assert.Equal("张三", Encoding.UTF8.GetString(Seals.Open(kept, PersonalData.Before(Settings(1)).Key, place)));
        var own = Seals.Seal("张三"u8, identity.Services.GetRequiredService<KeyBeforeDataKeys>().Key, place);
        own[0] = kept[0];
        var data = identity.Services.GetRequiredService<PersonalData>();
        Assert.Equal("张三", data.OpenText(own, place));
        Assert.Throws<InvalidOperationException>(() => data.OpenText(own, "candidates.name/2"));
    }

    /// <summary>Tag and ciphertext of 张三 at candidates.name/1 under the key that HKDF-SHA256 makes of thirty-two bytes 01.</summary>
    private const string SealedBefore = "9d06c299083324e0ebb37925abdd20eac86ffd75622b";

    private static IdentitySettings Settings(byte key) => new() { DataKey = Convert.ToBase64String(Enumerable.Repeat(key, 32).ToArray()) };

    private PersonalData Under(byte key) => new(Options.Create(Settings(key)), identity.Services.GetRequiredService<Seals>());
}
