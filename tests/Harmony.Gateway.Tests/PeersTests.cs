using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests;

/// <summary>What a test needs and does not find is said, and never passed over.</summary>
public sealed class PeersTests
{
    private const string Missing = "no-such-program";

    [Fact]
    public void PathOf_InstalledProgram_IsItsPath() => Assert.True(File.Exists(Peers.PathOf("sh")));

    [Fact]
    public void PathOf_MissingProgram_SaysHowToInstallIt()
        => Assert.EndsWith($"apt-get install {Missing}", Assert.Throws<InvalidOperationException>(() => Peers.PathOf(Missing)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(Missing, null, true)]
    [InlineData(Missing, "1", false)] // and so it fails
    [InlineData("sh", null, false)]
    [InlineData("sh", "1", false)]
    public void WhySkipped_OnlyAMissingProgramThatIsNotRequired(string program, string? required, bool skipped)
    {
        string? Environment(string name) => name == "HARMONY_REQUIRE_PEERS" ? required : System.Environment.GetEnvironmentVariable(name);
        Assert.Equal(skipped
            ? $"{program} is not installed; on Debian and Ubuntu: sudo apt-get install {program}"
            : null, Peers.WhySkipped([program], Environment));
    }
}
