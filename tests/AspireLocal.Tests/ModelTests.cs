namespace ExamPlatform.AspireLocal.Tests;

public sealed class ModelTests
{
    [Fact]
    public async Task A_reference_expression_keeps_braces_and_escapes_for_uris()
    {
        var secret = new ParameterResource("secret", _ => "a/b@c", secret: true);

        var text = await ReferenceExpression.Create($"{{x}}={secret:uri};{secret}").GetValueAsync();

        Assert.Equal("{x}=a%2Fb%40c;a/b@c", text);
    }

    [Fact]
    public void A_generated_value_has_the_length_and_every_kind_of_character_asked_for()
    {
        var value = new GenerateParameterDefault { MinLength = 30, Special = false }.GetDefaultValue();

        Assert.Equal(30, value.Length);
        Assert.Contains(value, char.IsAsciiLetterLower);
        Assert.Contains(value, char.IsAsciiLetterUpper);
        Assert.Contains(value, char.IsAsciiDigit);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        var resources = new ResourceCollection { new ExecutableResource("twin", "sleep", ".") };

        Assert.Throws<DistributedApplicationException>(() => resources.Add(new ExecutableResource("Twin", "sleep", ".")));
    }
}
