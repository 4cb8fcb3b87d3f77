using Harmony.Http.Tls;
using Harmony.Testing;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Tests.Tls;

/// <summary>Certificates whose files change while the gateway runs.</summary>
public class RenewingCertificatesTests
{
    private const int Renewed = 2201;
    private const int Refused = 2202;
    private const string Toml = "cert_path = \"tls/main.pem\"\nkey_path = \"tls/main.key\"";

    private static readonly TestAuthority Authority = TestAuthority.Create("authority");
    private readonly TestTimeProvider _clock = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)] // the timer has seen it and waits for its second look
    public async Task Files_Replaced_NextHandshakeIsShownTheNewOne(int looks)
    {
        await using var gateway = await StartAsync();
        using var open = await TlsPeer.ConnectAsync(gateway.Address, "gateway.example");
        Replace(gateway, "second");
        Look(looks);
        Assert.Equal("second", await ShownAsync(gateway));
        Assert.Equal("second", await ShownAsync(gateway));
        Look(2);
        Assert.StartsWith("HTTP/1.1 200", await open.GetAsync(), StringComparison.Ordinal);
        Assert.Single(gateway.Log.Lines, l => l.EventId == Renewed);
    }

    /// <summary>Kubernetes swaps a symbolic link to a folder; time stamps and names of the files stay.</summary>
    [Fact]
    public async Task Folder_SwappedByLink_NextHandshakeIsShownTheNewOne()
    {
        await using var gateway = await StartAsync();
        var folder = Path.Combine(gateway.Folder, "tls");
        var next = Directory.CreateDirectory(Path.Combine(gateway.Folder, "..data_2")).FullName;
        Write(next, "second");
        var link = Path.Combine(gateway.Folder, "..data_tmp");
        Directory.CreateSymbolicLink(link, "..data_2");
        Directory.Move(folder, Path.Combine(gateway.Folder, "..data_1"));
        Directory.Move(link, folder);
        Assert.Equal("second", await ShownAsync(gateway));
    }

    /// <summary>certbot links <c>live/</c> to numbered files of <c>archive/</c> and moves one link after the other.</summary>
    [Fact]
    public async Task Links_MovedOneByOne_NextHandshakeAfterTheLastIsShownTheNewOne()
    {
        await using var gateway = await StartAsync();
        var live = Path.Combine(gateway.Folder, "tls");
        var archive = Directory.CreateDirectory(Path.Combine(gateway.Folder, "archive")).FullName;
        Write(archive, "second");
        Link("main.pem");
        Assert.Equal("first", await ShownAsync(gateway));
        Link("main.key");
        Assert.Equal("second", await ShownAsync(gateway));
        Assert.False(gateway.Log.Has(Refused));

        void Link(string name)
        {
            File.CreateSymbolicLink(Path.Combine(live, "next"), Path.Combine(archive, name));
            File.Move(Path.Combine(live, "next"), Path.Combine(live, name), overwrite: true);
        }
    }

    /// <summary>The key first and then a chain, written in place and slowly.</summary>
    [Fact]
    public async Task Files_WrittenInPieces_AreShownWhenTheyAreWhole()
    {
        await using var gateway = await StartAsync();
        var next = Authority.Issue("second", "gateway.example");
        var (certificate, key) = (Path.Combine(gateway.Folder, "tls", "main.pem"), Path.Combine(gateway.Folder, "tls", "main.key"));
        await File.WriteAllTextAsync(key, TestAuthority.KeyOf(next));
        Assert.Equal("first", await ShownAsync(gateway));
        var chain = next.ExportCertificatePem() + "\n" + Authority.Pem;
        foreach (var length in new[] { 0, 100, next.ExportCertificatePem().Length + 100 })
        {
            await File.WriteAllTextAsync(certificate, chain[..length]);
            Assert.Equal("first", await ShownAsync(gateway));
        }

        await File.WriteAllTextAsync(certificate, chain);
        Assert.Equal("second", await ShownAsync(gateway));
        Assert.False(gateway.Log.Has(Refused));
    }

    /// <summary>Stamps do not tell of it: the same size and time. The timer does.</summary>
    [Fact]
    public async Task File_ReplacedByOneOfTheSameStamp_IsShownAfterTwoLooks()
    {
        var files = TlsGateway.Files(("tls/main", Authority.Issue("first", "gateway.example")));
        files["tls/main.pem"] += new string('\n', 200);
        await using var gateway = await TlsGateway.StartAsync(Toml, files, _clock);
        var (certificate, key) = (Path.Combine(gateway.Folder, "tls", "main.pem"), Path.Combine(gateway.Folder, "tls", "main.key"));
        Assert.Equal("first", await ShownAsync(gateway));
        var next = Authority.Issue("second", "gateway.example");
        Overwrite(certificate, next.ExportCertificatePem());
        Overwrite(key, TestAuthority.KeyOf(next));
        Assert.Equal("first", await ShownAsync(gateway));
        Look(2);
        Assert.Equal("second", await ShownAsync(gateway));

        static void Overwrite(string path, string text)
        {
            var (length, written) = ((int)new FileInfo(path).Length, File.GetLastWriteTimeUtc(path));
            File.WriteAllText(path, text.PadRight(length, '\n'));
            File.SetLastWriteTimeUtc(path, written);
            Assert.Equal(length, new FileInfo(path).Length);
        }
    }

    [Fact]
    public async Task Replacement_ThatCannotBeUsed_IsSaidOnceAndTheOldOneStays()
    {
        await using var gateway = await StartAsync();
        var key = Path.Combine(gateway.Folder, "tls", "main.key");
        await File.WriteAllTextAsync(key, TestAuthority.KeyOf(Authority.Issue("another", "gateway.example")));
        Look(5);
        var line = Assert.Single(gateway.Log.Lines, l => l.EventId == Refused);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains($"the key '{key}' does not belong to the certificate", line.Message, StringComparison.Ordinal);
        Assert.Equal("first", await ShownAsync(gateway));

        File.Delete(key);
        Look(5);
        Assert.Equal(2, gateway.Log.Lines.Count(l => l.EventId == Refused));
        Assert.Equal("first", await ShownAsync(gateway));

        Replace(gateway, "second");
        Assert.Equal("second", await ShownAsync(gateway));
    }

    [Fact]
    public async Task Replacement_ThatHasExpired_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var expired = TestAuthority.SelfSigned("second", until: _clock.GetUtcNow().AddDays(-1));
        foreach (var (file, text) in TlsGateway.Files(("main", expired))) await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "tls", file), text);
        Look(2);
        Assert.Contains("expired on", gateway.Log.Lines.Single(l => l.EventId == Refused).Message, StringComparison.Ordinal);
        Assert.Equal("first", await ShownAsync(gateway));
    }

    [Fact]
    public async Task Authorities_Replaced_CountForTheNextClient()
    {
        var other = TestAuthority.Create("other");
        var files = TlsGateway.Files(("tls/main", Authority.Issue("first", "gateway.example")));
        files["tls/clients.pem"] = other.Pem;
        await using var gateway = await TlsGateway.StartAsync(Toml + "\nclient_ca_path = \"tls/clients.pem\"", files, _clock);
        using var certificate = Authority.Issue("client");
        Assert.Equal("", await AskAsync(gateway, certificate));
        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "tls", "clients.pem"), Authority.Pem);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(gateway, certificate), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(TestGateway gateway, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        try
        {
            using var client = await TlsPeer.ConnectAsync(gateway.Address, "gateway.example", certificate);
            return await client.GetAsync();
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return ""; // refused
        }
    }

    private Task<TestGateway> StartAsync() => TlsGateway.StartAsync(Toml, TlsGateway.Files(("tls/main", Authority.Issue("first", "gateway.example"))), _clock);

    private void Look(int times)
    {
        for (var i = 0; i < times; i++) _clock.Advance(RenewingCertificates.Interval);
    }

    private static async Task<string> ShownAsync(TestGateway gateway)
    {
        using var client = await TlsPeer.ConnectAsync(gateway.Address, "gateway.example");
        return client.Shown;
    }

    /// <summary>As careful programs do it: beside, then renamed.</summary>
    private static void Replace(TestGateway gateway, string name)
    {
        var folder = Path.Combine(gateway.Folder, "tls");
        Write(gateway.Folder, name);
        foreach (var file in new[] { "main.pem", "main.key" }) File.Move(Path.Combine(gateway.Folder, file), Path.Combine(folder, file), overwrite: true);
    }

    private static void Write(string folder, string name)
    {
        foreach (var (file, text) in TlsGateway.Files(("main", Authority.Issue(name, "gateway.example")))) File.WriteAllText(Path.Combine(folder, file), text);
    }
}
