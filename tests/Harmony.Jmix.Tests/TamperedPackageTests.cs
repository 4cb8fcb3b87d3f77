using System.Text;
using System.Text.Json.Nodes;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;
using Harmony.Testing;

namespace Harmony.Jmix.Tests;

/// <summary>Each way to falsify a package has a finding of its own.</summary>
public sealed class TamperedPackageTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SigningKeyPair _signer = SigningKeyPair.Generate();

    private string Package => _folder.PathOf("p.JMIX");

    [Theory]
    [InlineData("payload/dicom/1.2.3.1.dcm", "file-hash-mismatch")]
    [InlineData("payload/dicom/1.2.3.1.dcm", "payload-hash-mismatch")]
    [InlineData("manifest.jws", "signature-invalid")]
    public async Task ByteChanged_IsFound(string file, string code)
    {
        await BuildAsync();
        var path = Path.Combine(Package, file);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        Assert.Contains((await ReportAsync()).Findings, f => f.Code == code && f.Severity == FindingSeverity.Error);
    }

    [Theory]
    [InlineData("sender.name", "\"Somebody else\"", "assertion-invalid")]
    [InlineData("sender.assertion.signature", "\"AAAA\"", "assertion-invalid")]
    [InlineData("sender.assertion.signing_key.fingerprint", "\"SHA256:00\"", "assertion-invalid")]
    [InlineData("security.payload_hash", "\"sha256:00\"", "payload-hash-mismatch")]
    [InlineData("security.payload_hash", "\"sha256:skipped\"", "hash-skipped")]
    [InlineData("id", "\"not-a-uuid\"", "schema")]
    [InlineData("receiver", "[]", "schema")]
    [InlineData("sender", "null", "schema")]
    [InlineData("unknown", "1", "schema")]
    [InlineData("security.classification", "\"public\"", "schema")]
    [InlineData("timestamp", "\"yesterday\"", "schema")]
    [InlineData("id", "\"6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec\"", "id-mismatch")]
    public async Task ManifestChanged_IsFound(string member, string value, string code)
    {
        await BuildAsync();
        var path = Path.Combine(Package, "manifest.json");
        var manifest = JsonNode.Parse(await File.ReadAllBytesAsync(path))!;
        var names = member.Split('.');
        var parent = names[..^1].Aggregate(manifest, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);
        await File.WriteAllTextAsync(path, manifest.ToJsonString());

        var report = await ReportAsync();

        Assert.Contains(report.Findings, f => f.Code == code);
        Assert.Contains(report.ManifestSignature, new[] { ManifestSignatureOutcome.Invalid, ManifestSignatureOutcome.NotVerifiable });
    }

    [Fact]
    public async Task AssertionThatHasEnded_IsFound()
    {
        await BuildAsync();
        var later = new TestTimeProvider();
        later.Advance(TimeSpan.FromDays(2));
        using var reader = await JmixReader.OpenAsync(Package, new JmixReadOptions { Clock = later }, default);

        Assert.Equal(AssertionOutcome.Expired, reader.Report.Assertions[0].Outcome);
        Assert.Contains(reader.Report.Findings, f => f.Code == "assertion-expired");
    }

    [Fact]
    public async Task ManifestSignedByAnotherKey_IsNotTrusted()
    {
        await BuildAsync();
        using var other = SigningKeyPair.Generate();
        using var reader =
            await JmixReader.OpenAsync(Package, new JmixReadOptions { TrustedKeys = [other.PublicKey], Clock = new TestTimeProvider() }, default);

        Assert.Equal(ManifestSignatureOutcome.Invalid, reader.Report.ManifestSignature);
    }

    [Theory]
    [InlineData("manifest.json", "manifest-missing")]
    [InlineData("manifest.jws", "signature-missing")]
    [InlineData("audit.json", "audit-missing")]
    [InlineData("payload/metadata.json", "metadata-missing")]
    [InlineData("payload/files.json", "listing-missing")]
    [InlineData("payload/files/report.pdf", "listed-file-missing")]
    public async Task FileTakenAway_IsFound(string file, string code)
    {
        await BuildAsync();
        File.Delete(Path.Combine(Package, file));

        Assert.Contains((await ReportAsync()).Findings, f => f.Code == code);
    }

    [Fact]
    public async Task FileAdded_IsFound()
    {
        await BuildAsync();
        await File.WriteAllTextAsync(Path.Combine(Package, "payload/files/extra.txt"), "x");

        var report = await ReportAsync();

        Assert.Contains(report.Findings, f => f.Code == "file-not-listed");
        Assert.Contains(report.Findings, f => f.Code == "payload-hash-mismatch");
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{} {}")]
    public async Task ManifestThatIsNoDocument_IsFound(string text)
    {
        await BuildAsync();
        await File.WriteAllTextAsync(Path.Combine(Package, "manifest.json"), text);

        Assert.False((await ReportAsync()).IsValid);
    }

    [Fact]
    public async Task ManifestNestedTenThousandDeep_IsFound()
    {
        await BuildAsync();
        await File.WriteAllTextAsync(Path.Combine(Package, "manifest.json"), new StringBuilder().Insert(0, "[", 10_000).ToString());

        Assert.Contains((await ReportAsync()).Findings, f => f.Code == "not-json");
    }

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    private async Task BuildAsync()
    {
        await using var sink = new FolderSink(Package);
        await Study.BuildAsync(sink, Study.Options with
        {
            Sender = Study.Sender with { SigningKey = _signer, AssertionExpires = new TestTimeProvider().GetUtcNow().AddDays(1) },
            ManifestKey = _signer,
        });
    }

    private async Task<JmixReport> ReportAsync()
    {
        using var reader = await JmixReader.OpenAsync(Package, new JmixReadOptions { Clock = new TestTimeProvider() }, default);
        return reader.Report;
    }
}
