using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Cli.Jmix;

/// <summary><c>harmony jmix</c> from the keys to the opened package.</summary>
public sealed class JmixCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public JmixCommandTests() => _folder.Write("in/report.txt", "all is well");

    [Fact]
    public async Task EncryptedAndSignedPackage_IsValidatedAndOpened()
    {
        await RunAsync(0, "keygen", "encryption", _folder.PathOf("receiver"));
        await RunAsync(0, "keygen", "signing", _folder.PathOf("sender"));
        var package = _folder.PathOf("p.zip");
        var built = await RunAsync(0, "build", _folder.PathOf("in"), "-o", package, "--encrypt-for", _folder.PathOf("receiver.pub"), "--sign-with",
            _folder.PathOf("sender.key"));
        Assert.Contains("0 objects, 1 other files", built.Output, StringComparison.Ordinal);

        var report = JsonNode.Parse(
            (await RunAsync(0, "validate", package, "--key", _folder.PathOf("receiver.key"), "--trust", _folder.PathOf("sender.pub"), "--json")).Output)!;
        Assert.Equal(("Harmony", "Valid", "Ciphertext"), (report["maker"]!.ToString(), report["signature"]!.ToString(), report["payload_hash"]!.ToString()));

        await RunAsync(0, "decrypt", package, _folder.PathOf("out"), "--key", _folder.PathOf("receiver.key"));
        Assert.Equal("all is well", await File.ReadAllTextAsync(_folder.PathOf("out/files/report.txt")));
    }

    [Fact]
    public async Task Doctor_SaysWhichFormAPackageHas()
    {
        var package = _folder.PathOf("p.tar.gz");
        await RunAsync(0, "build", _folder.PathOf("in"), "-o", package, "--form", "jmix-rs");

        var said = (await RunAsync(0, "doctor", package)).Output;

        Assert.Contains("over names and contents (jmix-rs, jmix-js)", said, StringComparison.Ordinal);
        Assert.Contains("sha256:hex", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TamperedPackage_IsNotValid()
    {
        var package = _folder.PathOf("p.JMIX");
        await RunAsync(0, "build", _folder.PathOf("in"), "-o", package);
        await File.AppendAllTextAsync(Path.Combine(package, "payload/files/report.txt"), "!");

        var said = await RunAsync(1, "validate", package);

        Assert.Contains("files.json says 11", said.Output, StringComparison.Ordinal);
        Assert.EndsWith("not valid\n", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongKeyFile_IsSaidInOneLine()
    {
        var package = _folder.PathOf("p.zip");
        await RunAsync(0, "build", _folder.PathOf("in"), "-o", package);
        _folder.Write("key", "not a key");

        var said = await RunAsync(1, "decrypt", package, _folder.PathOf("out"), "--key", _folder.PathOf("key"));

        Assert.Equal("this is not an X25519 private key: expected 32 bytes, as they are or in base64\n", said.Error);
        Assert.False(Directory.Exists(_folder.PathOf("out")));
    }

    [PlatformFact("linux", "macos"), UnsupportedOSPlatform("windows")]
    public async Task PrivateKey_IsReadableByItsOwnerAlone()
    {
        await RunAsync(0, "keygen", "signing", _folder.PathOf("k"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.PathOf("k.key")));
    }

    [Fact]
    public async Task Sign_WritesANewPackage_AndLeavesTheOldOne()
    {
        await RunAsync(0, "keygen", "signing", _folder.PathOf("s"));
        await RunAsync(0, "build", _folder.PathOf("in"), "-o", _folder.PathOf("p.zip"));
        await RunAsync(0, "sign", _folder.PathOf("p.zip"), "--key", _folder.PathOf("s.key"), "-o", _folder.PathOf("signed.zip"));

        var report = JsonNode.Parse((await RunAsync(0, "validate", _folder.PathOf("signed.zip"), "--trust", _folder.PathOf("s.pub"), "--json")).Output)!;
        Assert.Equal("Valid", report["signature"]!.ToString());
        Assert.Equal(1, (await RunAsync(1, "sign", _folder.PathOf("p.zip"), "--key", _folder.PathOf("s.key"), "-o", _folder.PathOf("signed.zip"))).ExitCode);
        Assert.True(File.Exists(_folder.PathOf("signed.zip")));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<CommandLine> RunAsync(int exitCode, params string[] args)
    {
        var result = await CommandLine.RunAsync(null, CancellationToken.None, ["jmix", .. args]);
        Assert.True(result.ExitCode == exitCode, result.Output + result.Error);
        return result;
    }
}
