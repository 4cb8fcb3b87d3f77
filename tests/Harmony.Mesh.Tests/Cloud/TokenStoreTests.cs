using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Harmony.Age;
using Harmony.Mesh.Cloud;
using Harmony.Testing.Requirements;
using Harmony.Testing;

namespace Harmony.Mesh.Tests.Cloud;

/// <summary>The token is kept so that the <c>age</c> program opens it and nobody else does.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TokenStoreTests : IDisposable
{
    private static readonly MachineToken Token = new(
        "planted-token", new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero), "gw-1", "clinic-a", ["harmony:update"]);

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GeneratedKey_IsKeptBesideTheToken()
    {
        Store().Save(Token);
        Assert.Equal(Token.Value, Store().Load()!.Value);
        Assert.Equal(Token.Abilities, Store().Load()!.Abilities);
        Assert.All(Directory.EnumerateFiles(_folder.Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path), file => File.ReadAllText(file).Contains("planted", StringComparison.Ordinal));
        Assert.True(Store().Forget());
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
        Assert.Null(Store().Load());
    }

    [PeerFact("age", "age-keygen")]
    public async Task Age_OpensOurFile_AndWeOpenItsFile()
    {
        var key = await RunAsync("age-keygen");
        _folder.Write("identity", key);
        _environment["RUNBEAM_ENCRYPTION_KEY"] = key;
        Store().Save(Token);
        Assert.Equal(Token.ToJson().ToJsonString(), await RunAsync("age", "-d", "-i", _folder.PathOf("identity"), _folder.PathOf("token.age")));

        _folder.Write("plain", Token.ToJson().ToJsonString());
        File.Delete(_folder.PathOf("token.age"));
        await RunAsync("age", "-a", "-r", AgeKey.Parse(key).Recipient, "-o", _folder.PathOf("token.age"), _folder.PathOf("plain"));
        File.SetUnixFileMode(_folder.PathOf("token.age"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("gw-1", Store().Load()!.GatewayId);
    }

    [Fact]
    public void Key_HasManyForms()
    {
        var key = AgeKey.Generate();
        foreach (var form in new[] { key.Identity, $"# a comment\n{key.Identity}\n", Convert.ToBase64String(Encoding.ASCII.GetBytes(key.Identity)),
            Convert.ToBase64String(Encoding.ASCII.GetBytes(key.Identity + "\n")) })
        {
            Assert.Equal(key.Identity, TokenKey.Read(form, "RUNBEAM_ENCRYPTION_KEY").Identity);
        }

        Assert.Equal(AgeKey.Of(new byte[32]).Identity, TokenKey.Read(Convert.ToBase64String(new byte[32]), "x").Identity);
        foreach (var wrong in new[] { "planted", "cGxhbnRlZA==", "AGE-SECRET-KEY-1planted", key.Recipient })
        {
            var refused = Assert.Throws<TokenStoreException>(() => TokenKey.Read(wrong, "RUNBEAM_ENCRYPTION_KEY"));
            Assert.StartsWith("RUNBEAM_ENCRYPTION_KEY contains no age key", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("planted", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Passphrase_IsAnOption()
    {
        _environment["RUNBEAM_ENCRYPTION_PASSPHRASE"] = "correct horse";
        Store().Save(Token);
        Assert.Contains("-> scrypt ", Encoding.Latin1.GetString(File.ReadAllBytes(_folder.PathOf("token.age"))), StringComparison.Ordinal);
        Assert.Equal(Token.Value, Store().Load()!.Value);
        Assert.False(File.Exists(_folder.PathOf("key")));
    }

    [Theory]
    [InlineData("token.age")]
    [InlineData("key")]
    public void FileThatOthersMayRead_IsRefused_WithTheCommandThatMendsIt(string name)
    {
        Store().Save(Token);
        var file = _folder.PathOf(name);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var refused = Assert.Throws<TokenStoreException>(() => Store().Load());
        Assert.EndsWith($"(mode 0644), so it is not used; run: chmod 600 '{file}'", refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.NotNull(Store().Load());
    }

    [Fact]
    public void AnotherKey_IsSaid()
    {
        Store().Save(Token);
        _environment["RUNBEAM_ENCRYPTION_KEY"] = AgeKey.Generate().Identity;
        Assert.Contains("is for another key", Assert.Throws<TokenStoreException>(() => Store().Load()).Message, StringComparison.Ordinal);
        _environment.Clear();
        File.Delete(_folder.PathOf("key"));
        Assert.Contains("the key of", Assert.Throws<TokenStoreException>(() => Store().Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variable_CountsBeforeTheFile_UnlessThatWasRenewed()
    {
        var given = Token with { Value = "given" };
        _environment["RUNBEAM_MACHINE_TOKEN"] = given.ToJson().ToJsonString();
        Assert.Equal("given", Store().Load()!.Value);
        Assert.True(File.Exists(_folder.PathOf("token.age")));
        Store().Save(Token with { Value = "renewed", Expires = Token.Expires.AddDays(30) });
        Assert.Equal("renewed", Store().Load()!.Value);
        Store().Save(Token with { Value = "of another gateway", GatewayId = "gw-2", Expires = Token.Expires.AddDays(30) });
        Assert.Equal("given", Store().Load()!.Value);
    }

    [Theory]
    [InlineData("planted")]
    [InlineData("{}")]
    [InlineData("{\"machine_token\":\"planted\",\"gateway_id\":\"g\"}")]
    [InlineData("{\"machine_token\":\"planted\\r\\nX: y\",\"gateway_id\":\"g\",\"expires_at\":\"2026-01-31T00:00:00Z\"}")]
    [InlineData("{\"machine_token\":7,\"gateway_id\":\"g\",\"expires_at\":\"2026-01-31T00:00:00Z\"}")]
    public void VariableThatIsNoToken_IsSaid_AndNotRepeated(string value)
    {
        _environment["RUNBEAM_MACHINE_TOKEN"] = value;
        var refused = Assert.Throws<TokenStoreException>(() => Store().Load());
        Assert.StartsWith("RUNBEAM_MACHINE_TOKEN ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A program of that name that keeps one secret in a file stands in for the Secret Service.</summary>
    [PlatformFact("linux", "macos")]
    public void Keyring_KeepsTheKey_WhereThereIsOne()
    {
        var ring = _folder.PathOf("ring");
        var program = _folder.Write("bin/secret-tool", $"#!/bin/sh\ncase $1 in store) cat > '{ring}';; lookup) cat '{ring}';; clear) rm -f '{ring}';; esac\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (_environment["PATH"], _environment["DBUS_SESSION_BUS_ADDRESS"]) = (_folder.PathOf("bin"), "unix:path=/nowhere");
        Store().Save(Token);
        Assert.StartsWith("AGE-SECRET-KEY-1", File.ReadAllText(ring), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("key")));
        Assert.Equal(Token.Value, Store().Load()!.Value);
        Store().Forget();
        Assert.False(File.Exists(ring));
    }

    [Fact]
    public void WithoutAFolder_TheVariableIsAllThereIs()
    {
        var store = new TokenStore(null, name => _environment.GetValueOrDefault(name));
        Assert.Null(store.Load());
        Assert.Throws<TokenStoreException>(() => store.Save(Token));
        _environment["RUNBEAM_MACHINE_TOKEN"] = Token.ToJson().ToJsonString();
        Assert.Equal(Token.Value, store.Load()!.Value);
    }

    private TokenStore Store() => new(_folder.Path, name => _environment.GetValueOrDefault(name));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Peers.PathOf(program), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(Guard.Token);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }
}
