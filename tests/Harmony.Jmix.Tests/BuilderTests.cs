using System.IO.Compression;
using System.Text.Json.Nodes;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;
using Harmony.Testing;

namespace Harmony.Jmix.Tests;

/// <summary>What the builder writes, the reader takes without a finding, in every container and dialect.</summary>
public sealed class BuilderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly DecryptionKey _key = DecryptionKey.Generate();

    public static TheoryData<string, string, bool, bool> Forms()
    {
        var forms = new TheoryData<string, string, bool, bool>();
        foreach (var container in new[] { "folder", "zip", "stored", "tar.gz" })
        {
            foreach (var dialect in new[] { "specification", "jmix-rs", "jmix-php" })
            {
                forms.Add(container, dialect, false, true);
                forms.Add(container, dialect, true, false);
            }
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Package_OfEveryForm_IsReadWithoutAnError(string container, string dialect, bool isEncrypted, bool knowsLengths)
    {
        using var signer = SigningKeyPair.Generate();
        var options = Study.Options with
        {
            Dialect = JmixDialect.Find(dialect)!,
            RecipientKey = isEncrypted ? _key.PublicKey : null,
            Sender = Study.Sender with { SigningKey = signer, AssertionExpires = new TestTimeProvider().GetUtcNow().AddDays(1) },
            ManifestKey = signer,
        };

        var (path, info) = await BuildAsync(container, options, knowsLengths);
        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions { Key = _key, Clock = new TestTimeProvider() }, default);

        Assert.DoesNotContain(reader.Report.Findings, f => f.Severity != FindingSeverity.Note);
        Assert.Equal("Harmony", reader.Report.Maker);
        Assert.Equal(info.Id.ToString(), reader.Report.Id);
        Assert.NotNull(reader.Report.PayloadHash);
        Assert.Equal(ManifestSignatureOutcome.Valid, reader.Report.ManifestSignature);
        Assert.Equal(AssertionOutcome.Valid, Assert.Single(reader.Report.Assertions).Outcome);
        Assert.Equal(3, reader.Report.DicomFiles);
        Assert.Contains("files/report-2.pdf", reader.PayloadNames);
        await using var file = reader.OpenPayload("dicom/1.2.3.2.dcm");
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        Assert.Equal(Study.Content(2), copy.ToArray());
    }

    [Fact]
    public async Task Package_WithoutHashingAndListing_StaysValid()
    {
        var path = await Study.ZipAsync(_folder, Study.Options with { SkipHashing = true, SkipListing = true });
        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions(), default);

        Assert.Empty(reader.Report.Findings);
        Assert.Null(reader.Report.Manifest!["security"]!["payload_hash"]);
        var listing = JsonNode.Parse(await reader.Files.ReadAsync("payload/files.json", default))!.AsArray();
        Assert.Equal(["files/report-2.pdf", "files/report.pdf", "metadata.json"], listing.Select(e => e!["file"]!.ToString()));
        Assert.All(listing, e => Assert.Null(e!["hash"]));
    }

    [Fact]
    public async Task Zip_ManifestStandsLast_AndUnzipTakesIt()
    {
        var path = await Study.ZipAsync(_folder, Study.Options);
        using var zip = ZipFile.OpenRead(path);

        Assert.Equal("manifest.json", zip.Entries[^1].FullName);
        Assert.All(zip.Entries.Take(3), e => Assert.StartsWith("payload/dicom/", e.FullName, StringComparison.Ordinal));
        await using var content = await zip.GetEntry("payload/dicom/1.2.3.1.dcm")!.OpenAsync();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        Assert.Equal(Study.Content(1), copy.ToArray());
    }

    [Fact]
    public async Task Metadata_SaysWhatTheObjectsSay()
    {
        var path = await Study.ZipAsync(_folder, Study.Options);
        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions(), default);
        var metadata = JsonNode.Parse(await reader.Files.ReadAsync("payload/metadata.json", default))!;

        Assert.Equal("""{"family":"Doe","given":["Jane","Q"],"prefix":"Dr","text":"Doe, Jane Q"}""", metadata["patient"]!["name"]!.ToJsonString());
        Assert.Equal("1970-01-31", metadata["patient"]!["dob"]!.ToString());
        Assert.Equal("urn:local:HOSP%20A", metadata["patient"]!["identifiers"]![0]!["system"]!.ToString());
        Assert.Equal([2, 1], metadata["studies"]!["series"]!.AsArray().Select(s => (int)s!["instance_count"]!));
    }

    [Fact]
    public async Task Object_WithAnUidThatIsNone_GetsANameOfItsOwn()
    {
        var path = _folder.PathOf("x.zip");
        await using (var file = File.Create(path))
        await using (var builder = new JmixPackageBuilder(new ZipSink(file), Study.Options))
        {
            await builder.AddDicomAsync(Study.Attributes(1) with { SopInstanceUid = "../../etc/passwd" }, new MemoryStream([1]), 1, default);
            await builder.AddDicomAsync(Study.Attributes(1) with { SopInstanceUid = "" }, new MemoryStream([2]), 1, default);
            await builder.AddDicomAsync(Study.Attributes(1), new MemoryStream([3]), 1, default);
            await builder.AddDicomAsync(Study.Attributes(1), new MemoryStream([4]), 1, default);
            await builder.CompleteAsync(default);
        }

        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions(), default);
        Assert.Equal(
            ["dicom/1.2.3.1-2.dcm", "dicom/1.2.3.1.dcm", "dicom/object-1.dcm", "dicom/object-2.dcm"],
            reader.PayloadNames.Where(n => n.StartsWith("dicom/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Folder_ThatIsNotCompleted_LeavesNothingBehind()
    {
        var target = _folder.PathOf("x.JMIX");
        await using (var sink = new FolderSink(target))
        await using (var builder = new JmixPackageBuilder(sink, Study.Options))
            await builder.AddDicomAsync(Study.Attributes(1), new MemoryStream([1]), 1, default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Audit_EntryIsAppended_AndEarlierOnesStay()
    {
        var first = new Model.JmixAuditEntry("created", "a", "A", new TestTimeProvider().GetUtcNow()).AppendTo([]);
        var second = new Model.JmixAuditEntry("sent", "b", null, new TestTimeProvider().GetUtcNow()) { ToId = "c" }.AppendTo(first);

        var entries = JsonNode.Parse(second)!["audit"]!.AsArray();
        Assert.Equal(["created", "sent"], entries.Select(e => e!["event"]!.ToString()));
        Assert.Equal("c", entries[1]!["to"]!["id"]!.ToString());
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private async Task<(string Path, JmixPackageInfo Info)> BuildAsync(string container, JmixBuildOptions options, bool knowsLengths)
    {
        var path = _folder.PathOf("package." + container);
        if (container == "folder")
        {
            await using var folder = new FolderSink(path);
            return (path, await Study.BuildAsync(folder, options, knowsLengths: knowsLengths));
        }

        await using var file = File.Create(path);
        await using PackageSink sink = container switch
        {
            "zip" => new ZipSink(file, CompressionLevel.Fastest),
            "stored" => new ZipSink(file),
            _ => new TarSink(file, CompressionLevel.Fastest),
        };
        return (path, await Study.BuildAsync(sink, options, knowsLengths: knowsLengths));
    }
}
