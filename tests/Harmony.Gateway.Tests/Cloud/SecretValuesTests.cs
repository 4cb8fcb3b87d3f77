using Harmony.Gateway.Cloud;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Tests.Management;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>No secret is in what a file becomes before it leaves the machine, and each is back in its place when the file returns.</summary>
public sealed class SecretValuesTests
{
    [Fact]
    public void EverySecretOfEveryRecord_IsTakenOut()
    {
        var registry = GatewayModules.CreateRegistry(TimeProvider.System);
        var planted = PlantedConfig.Of(registry);
        var without = SecretValues.TakeOut(planted.ToString(), "config.toml", registry, out var variables);
        Assert.DoesNotContain(PlantedConfig.Secret, without, StringComparison.Ordinal);
        Assert.True(variables.Count > 40, $"{variables.Count}");
        Assert.Equal(planted.ToString(), SecretValues.PutBack(without, SecretValues.In(planted.ToString(), "config.toml", registry)));
    }

    [Theory]
    [InlineData("[authentications.a.options]\npassword = 'a\\b' # end",
        "[authentications.a.options]\npassword = \"${HARMONY_AUTHENTICATIONS_A_OPTIONS_PASSWORD}\" # end")]
    [InlineData("[authentications.a]\noptions = { password = \"x\\\"y\", username = \"u\" }",
        "[authentications.a]\noptions = { password = \"${HARMONY_AUTHENTICATIONS_A_OPTIONS_PASSWORD}\", username = \"u\" }")]
    [InlineData("[authentications.a.options]\npassword = \"\"\"\nx\"\"\"\"\"\nusername = 'u'",
        "[authentications.a.options]\npassword = \"${HARMONY_AUTHENTICATIONS_A_OPTIONS_PASSWORD}\"\nusername = 'u'")]
    [InlineData("[authentications.\"ä😀\"]\n'options' = { \"😀\" = 'hid', password = 'y' }",
        "[authentications.\"ä😀\"]\n'options' = { \"😀\" = \"${HARMONY_AUTHENTICATIONS_____OPTIONS___}\", password = "
            + "\"${HARMONY_AUTHENTICATIONS_____OPTIONS_PASSWORD}\" }")]
    [InlineData("[authentications.a.options]\npassword = \"$PASSWORD\"", "[authentications.a.options]\npassword = \"$PASSWORD\"")]
    [InlineData("[authentications.a.options]\npassword = \"${file:/run/secrets/p}\"", "[authentications.a.options]\npassword = \"${file:/run/secrets/p}\"")]
    [InlineData(
        "[authentications.a.options]\npassword = \"x${P}\"", "[authentications.a.options]\npassword = \"${HARMONY_AUTHENTICATIONS_A_OPTIONS_PASSWORD}\"")]
    [InlineData("# was: token = \"abc\"\n# a remark = harmless\n[proxy]\nname = \"x\"", "# was: token = ***\n# a remark = harmless\n[proxy]\nname = \"x\"")]
    public void TakeOut_LeavesEverythingElse(string text, string expected)
        => Assert.Equal(expected, SecretValues.TakeOut(text, "x.toml", GatewayModules.CreateRegistry(TimeProvider.System), out _));

    [Fact]
    public void FileThatIsNoToml_IsNotSent()
        => Assert.Throws<FormatException>(
            () => SecretValues.TakeOut("password = planted", "x.toml", GatewayModules.CreateRegistry(TimeProvider.System), out _));
}
