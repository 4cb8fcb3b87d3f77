using Harmony.Testing;

namespace Harmony.Gateway.Tests;

public sealed class PeersTests
{
    [Fact]
    public void Find_InstalledProgram_IsItsPath() => Assert.True(File.Exists(Peers.Find("sh")));

    [Fact]
    public void Find_MissingProgram_IsNull() => Assert.Null(Peers.Find("no-such-program", _ => null));

    [Fact]
    public void Find_MissingProgramThatIsRequired_SaysHowToInstallIt()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Peers.Find("no-such-program", name => name == "HARMONY_REQUIRE_PEERS" ? "1" : null));
        Assert.Contains("apt-get install no-such-program", e.Message, StringComparison.Ordinal);
    }
}
