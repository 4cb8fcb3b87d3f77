using System.Diagnostics;
using System.Text;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Age.Tests;

/// <summary>The library and the <c>age</c> program open each other's files; what breaks the format is refused by both.</summary>
public sealed class AgeFileTests : IDisposable
{
    private const string Text = "made by age";
    private const string Passphrase = "correct horse";

    private static readonly AgeKey Known = AgeKey.Parse("AGE-SECRET-KEY-1MHG7DRUYL7PUEL6C42VEPXZ2TL8UN43S6H2QAT62R48G5425NLPQM2FFKT");

    /// <summary>Written by age 1.1.1 for <see cref="Known"/>.</summary>
    private const string ByKey =
        "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBWWnNhamJDdVdHeTkzcG1rTjZOZHZRZXp2OS96RWFzT1E4WXpzOEJmeHpRCmN4dHB5ZS9vZXljSWorZDZqS29hT0RFV1FLV1UzNlNIeC9DSzczVWo3cjQKLS0tIEo2YkM2YUZZQ3dUYytoRW1WVGYyMVhmVlNtb1M5KzBwK2JObk1SenZnRDgKRYQQUJLU+oG1L0BLMOitu5EGIL+Qge5X9wjCdM0G5UPNpju4H0oDrY1onw==";

    /// <summary>Written by age 1.1.1 with <see cref="Passphrase"/>.</summary>
    private const string ByPassphrase =
        "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCA2dHlVODF6RStoWklMd2pPYm5oM3dRIDE4CmNFYlA0WW9BYUEwOStiUjhicmNJWXYxOVVhajIwSkNQVVY4Uk1DNEhVekEKLS0tIDYxWFNnSlhieWpCa2F5WWhYNk9JcnNJQlFsd3J1VisvTzAzM041bG9iaGsKne6UGzUDZCcY9PHD88RlzX7VBYAIlM76842Xd8KVhmNnCat/SgnnSPkILA==";

    private const string Armored = """
        -----BEGIN AGE ENCRYPTED FILE-----
        YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBwSTBpalZJRjZjNndBRi9t
        NDNtYXVvMmFjK0N0M0JvNTh0RW84RkJGcFZrCmdhdWgxNXVjTUt3eGxyN0V2NUEr
        YjF4cFBHTzJhenZ4dnVaTUI1T3l4eFkKLS0tIEZyVmJQTFRmTHlOVi9wRFhhdmxp
        ZGZ0dDkydGhUdU1wUWpWRlJMejZzVVkK0l1WOn9kyUqDHpogj3Ki/gwx8BCnSnyb
        5n2Z3UKTYj0iItN85ja3duzAFA==
        -----END AGE ENCRYPTED FILE-----
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesThatAgeWrote_AreOpened()
    {
        Assert.Equal(Text, Open(Convert.FromBase64String(ByKey), Known));
        Assert.Equal(Text, Open(Encoding.ASCII.GetBytes(Armored), Known));
        Assert.Equal(Text, Open(Encoding.ASCII.GetBytes("\r\n" + Armored.ReplaceLineEndings("\r\n") + "\n \n"), Known));
        Assert.Equal(Text, Open(Convert.FromBase64String(ByPassphrase), new AgePassphrase(Passphrase)));
        Assert.Equal("age150aeylcdch5txpl30avf759ucr4eepy3847wu942eu063suarskqwhqvqg", Known.Recipient);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    [InlineData(200_000)]
    public void RoundTrip_OfEveryLength(int length)
    {
        var text = new byte[length];
        new Random(length).NextBytes(text);
        Assert.Equal(text, AgeFile.Decrypt(AgeFile.Encrypt(text, Known), Known));
    }

    [PeerFact("age", "age-keygen", "script")]
    public async Task TheProgram_OpensOurFiles_AndWeOpenItsFiles()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        _folder.Write("key", await RunAsync("age-keygen") + "\n");
        var key = AgeKey.Parse(await File.ReadAllTextAsync(_folder.PathOf("key")));
        Assert.Equal(key.Recipient, (await RunAsync("age-keygen", "-y", _folder.PathOf("key"))).Trim());

        await File.WriteAllBytesAsync(_folder.PathOf("ours"), AgeFile.Encrypt(Encoding.UTF8.GetBytes(text), key));
        Assert.Equal(text, await RunAsync("age", "-d", "-i", _folder.PathOf("key"), _folder.PathOf("ours")));

        _folder.Write("plain", text);
        foreach (var armor in new[] { "", "-a" })
        {
            await RunAsync("age", [.. armor.Length > 0
                ? [armor]
                : Array.Empty<string>(), "-r", key.Recipient, "-o", _folder.PathOf("theirs"), _folder.PathOf("plain")]);
            Assert.Equal(text, Open(await File.ReadAllBytesAsync(_folder.PathOf("theirs")), key));
            File.Delete(_folder.PathOf("theirs"));
        }

        await File.WriteAllBytesAsync(_folder.PathOf("ours"), AgeFile.Encrypt(Encoding.UTF8.GetBytes(text), new AgePassphrase(Passphrase)));
        await RunAsync("script", Passphrase + "\n", "-qec", $"age -d -o '{_folder.PathOf("opened")}' '{_folder.PathOf("ours")}'", "/dev/null");
        Assert.Equal(text, await File.ReadAllTextAsync(_folder.PathOf("opened")));
    }

    public static TheoryData<string, Func<string, string>> Broken => new()
    {
        { "another version", f => f.Replace("/v1", "/v2") },
        { "CRLF", f => f.Replace("\n->", "\r\n->") },
        { "no recipient", f => f[..f.IndexOf("->", StringComparison.Ordinal)] + f[f.IndexOf("---", StringComparison.Ordinal)..] },
        { "an empty argument", f => f.Replace("X25519 ", "X25519  ") },
        { "an argument too many", f => f.Replace("X25519 ", "X25519 more ") },
        { "padding in a share", f => f.Replace("X25519 VZsajbCuWGy93pmkN6NdvQezv9/zEasOQ8Yzs8BfxzQ", "X25519 VZsajbCuWGy93pmkN6NdvQezv9/zEasOQ8Yzs8BfxzQ=") },
        { "stray bits in a share", f => f.Replace("BfxzQ\n", "BfxzR\n") },
        { "a share of low order", f => f.Replace("VZsajbCuWGy93pmkN6NdvQezv9/zEasOQ8Yzs8BfxzQ", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") },
        { "stray bits in a body", f => f.Replace("CK73Uj7r4", "CK73Uj7r5") },
        { "no body", f => f.Replace("cxtpye/oeycIj+d6jKoaODEWQKWU36SHx/CK73Uj7r4\n", "") },
        { "a longer body", f => f.Replace("CK73Uj7r4\n", "CK73Uj7r4AAAA\n") },
        { "another body", f => f.Replace("cxtp", "cxtq") },
        { "another kind", f => f.Replace("X25519", "x25519") },
        { "a kind that is not known, unauthenticated", f => f.Replace("\n---", "\n-> grease x\n\n---") },
        { "no MAC", f => f.Replace("--- J6bC6aFYCwTc+hEmVTf21XfVSmoS9+0p+bNnMRzvgD8", "---") },
        { "a short MAC", f => f.Replace("MRzvgD8", "MRzv") },
        { "another MAC", f => f.Replace("--- J6bC", "--- J6bD") },
        { "no space before the MAC", f => f.Replace("--- J", "---J") },
        { "stray bits in the MAC", f => f.Replace("MRzvgD8", "MRzvgD9") },
        { "no line end", f => f.Replace("MRzvgD8\n", "MRzvgD8") },
        { "no payload", f => f[..(f.IndexOf("MRzvgD8\n", StringComparison.Ordinal) + 8)] },
        { "a short nonce", f => f[..(f.IndexOf("MRzvgD8\n", StringComparison.Ordinal) + 16)] },
        { "no chunk", f => f[..(f.IndexOf("MRzvgD8\n", StringComparison.Ordinal) + 24)] },
        { "a cut tag", f => f[..^1] },
        { "another tag", f => f[..^1] + (char)(f[^1] ^ 1) },
        { "more behind the end", f => f + "x" },
        { "the armor of something else", f => "-----BEGIN PGP MESSAGE-----\n" + f },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void BrokenFile_IsRefused(string what, Func<string, string> breaks)
    {
        var whole = Latin(Convert.FromBase64String(ByKey));
        var broken = breaks(whole);
        Assert.True(whole != broken, what);
        Assert.Throws<AgeException>(() => AgeFile.Decrypt(Encoding.Latin1.GetBytes(broken), Known));
    }

    /// <summary>The table above says nothing of its own: the program refuses each of those files too.</summary>
    [PeerFact("age")]
    public async Task BrokenFiles_AreRefusedByTheProgramToo()
    {
        _folder.Write("key", Known.Identity + "\n");
        foreach (var row in Broken)
        {
            var broken = ((Func<string, string>)row[1])(Latin(Convert.FromBase64String(ByKey)));
            await File.WriteAllBytesAsync(_folder.PathOf("broken"), Encoding.Latin1.GetBytes(broken));
            var run = await TryAsync("age", null, "-d", "-i", _folder.PathOf("key"), _folder.PathOf("broken"));
            Assert.True(run.ExitCode != 0, (string)row[0]);
        }
    }

    [Theory]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA 18", "\n-> X25519 VZsajbCuWGy93pmkN6NdvQezv9/zEasOQ8Yzs8BfxzQ\nAAAA")]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA 21", "")]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA 018", "")]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA +18", "")]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA 0", "")]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA 99999999999", "")]
    [InlineData("scrypt AAAAAAAAAAAAAAAAAAAAAA", "")]
    [InlineData("scrypt AAAA 18", "")]
    public void PassphraseStanza_ThatIsMalformedOrCostsTooMuch_IsRefused(string stanza, string more)
    {
        var file = $"age-encryption.org/v1\n-> {stanza}\n{Convert.ToBase64String(new byte[32]).TrimEnd('=')}{more}\n--- "
            + $"{Convert.ToBase64String(new byte[32]).TrimEnd('=')}\n{new string('x', 32)}";
        var refused = Assert.Throws<AgeException>(() => AgeFile.Decrypt(Encoding.ASCII.GetBytes(file), new AgePassphrase(Passphrase)));
        Assert.DoesNotContain(Passphrase, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherSecret_OpensNothing()
    {
        var file = Convert.FromBase64String(ByKey);
        Assert.Contains("another key", Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, AgeKey.Generate())).Message, StringComparison.Ordinal);
        Assert.Contains("another key", Assert.Throws<AgeException>(() => AgeFile.Decrypt(file, new AgePassphrase(Passphrase))).Message,
            StringComparison.Ordinal);
        Assert.Throws<AgeException>(() => AgeFile.Decrypt(Convert.FromBase64String(ByPassphrase), new AgePassphrase("wrong")));
        Assert.Throws<AgeException>(() => new AgePassphrase(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AGE-SECRET-KEY-1MHG7DRUYL7PUEL6C42VEPXZ2TL8UN43S6H2QAT62R48G5425NLPQM2FFKS")] // another checksum
    [InlineData("age150aeylcdch5txpl30avf759ucr4eepy3847wu942eu063suarskqwhqvqg")] // a public one
    [InlineData("Age-SECRET-KEY-1MHG7DRUYL7PUEL6C42VEPXZ2TL8UN43S6H2QAT62R48G5425NLPQM2FFKT")] // mixed letters
    [InlineData("a 1 b")]
    public void KeyThatIsNone_IsRefused(string text) => Assert.Throws<AgeException>(() => AgeKey.Parse(text));

    private static string Open(byte[] file, AgeSecret secret) => Encoding.UTF8.GetString(AgeFile.Decrypt(file, secret));

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var isScript = program == "script";
        var run = await TryAsync(program, isScript ? arguments[0] : null, isScript ? arguments[1..] : arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    private static async Task<(int ExitCode, string Output, string Error)> TryAsync(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Peers.PathOf(program), arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true
        };
        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        if (input is null) process.StandardInput.Close();
        else await process.StandardInput.FlushAsync();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(Guard.Token);
        return (process.ExitCode, await output, await error);
    }
}
